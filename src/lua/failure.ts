import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { Mismatch } from "./kind.ts";
import type { CallPosition, ScriptFile } from "./position.ts";
import { type Trace, toCallers, toPosition } from "./trace.ts";

const remembered = 64;
const deepChain = 8;

/**
 * Errors on their way through Lua, where they are only text: `build.lua:7: state:run: …`. What a script lets through or
 * raises again is recognised by that text and comes out with its code, place and hint; words before it are kept.
 */
export class Failures {
  private readonly trace: Trace;
  private readonly errors = new Map<string, LuakitError>();

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** What a function of ours threw, as an error at the script's line; undefined for what is no error of the script. */
  locate(thrown: unknown, name: string | undefined): LuakitError | undefined {
    const error = thrown instanceof Mismatch ? fromMismatch(thrown, name) : thrown;
    if (!(error instanceof LuakitError)) return undefined;
    const position = this.trace.position();
    const named = name === undefined || error.position !== undefined ? error : withName(error, name);
    return position === undefined ? named : named.at(toPosition(position), toCallers(position));
  }

  /** The text that stands for the error within Lua. */
  toText(error: LuakitError): string {
    const place = error.position === undefined ? "" : `${error.position.file}:${error.position.line}: `;
    const text = `${place}${error.message}`;
    this.errors.delete(text);
    this.errors.set(text, error);
    for (const oldest of this.errors.keys()) {
      if (this.errors.size <= remembered) break;
      this.errors.delete(oldest);
    }
    return text;
  }

  /** The error behind an uncaught Lua message; `raised` is where it was raised, if that is known. */
  fromText(text: string, raised: CallPosition | undefined): LuakitError {
    const inner = this.errorWithin(text);
    if (inner !== undefined) return inner;
    const { message, position } = this.splitPlace(text);
    const at = position ?? (raised === undefined ? undefined : toPosition(raised));
    const callers = raised === undefined ? [] : callersOf(raised, at);
    if (message.includes("stack overflow")) return overflowError(at, callers);
    return new LuakitError("script.runtime", message, { position: at, callers });
  }

  /** An error that the script caught and raised again, with the script's own words before it if there are any. */
  private errorWithin(text: string): LuakitError | undefined {
    let known = "";
    // The longest: an error's text may end as another one's does.
    for (const each of this.errors.keys()) if (each.length > known.length && text.endsWith(each)) known = each;
    const error = this.errors.get(known);
    if (error === undefined) return undefined;
    const words = this.withoutPlaces(text.slice(0, text.length - known.length));
    if (words.trim() === "") return error;
    const { code, position, callers, hint, cause } = error;
    return new LuakitError(code, `${words}${error.message}`, { position, callers, hint, cause });
  }

  /** Without the places that `error` wrote; those of other errors that the script quotes stay. */
  private withoutPlaces(text: string): string {
    const { message } = this.splitPlace(text);
    return message.replace(/(?<!\S)(\S+):\d+: /g, (place: string, name: string, at: number) => {
      const isQuoted = [...this.errors.keys()].some((known) => message.startsWith(known, at));
      return isQuoted || this.trace.fileNamed(name) === undefined ? place : "";
    });
  }

  /** What the compiler said. */
  fromSyntax(text: string, file: ScriptFile): LuakitError {
    const { message, position } = this.splitPlace(text, file);
    const plain = message.replace(/near <eof>$/, "near the end of the file");
    const callers = this.callersOfModule();
    if (message === "C stack overflow") {
      // The compiler does not tell the line where it gave up. A chain of modules leaves it little room.
      const start = { file: file.name, line: 1, source: file.data };
      if (callers.length >= deepChain) return overflowError(start, callers);
      return new LuakitError("script.syntax", "blocks or expressions are nested too deep", {
        position: start,
        callers,
      });
    }
    return new LuakitError("script.syntax", plain, { position, callers });
  }

  private callersOfModule(): Position[] {
    const required = this.trace.position();
    return required === undefined ? [] : [toPosition(required), ...toCallers(required)];
  }

  /** Takes `file:line: ` off the front, as often as it is there; the innermost place counts. */
  private splitPlace(text: string, syntax?: ScriptFile): { message: string; position: Position | undefined } {
    let position: Position | undefined;
    let message = text;
    for (;;) {
      const [prefix, name = "", line = ""] = /^([^\n]+?):(\d+): /.exec(message) ?? [];
      const file = name === syntax?.name ? syntax : this.trace.fileNamed(name);
      if (prefix === undefined || file === undefined) return { message, position };
      position = { file: file.name, line: Number(line), source: file.data };
      message = message.slice(prefix.length);
    }
  }
}

/** One clear error for every way to run out of stack. */
export function overflowError(position: Position | undefined, callers: readonly Position[] = []): LuakitError {
  return new LuakitError("script.limit", "stack overflow: calls are nested too deep", { position, callers });
}

/** An error raised for its caller (`error(message, 2)`) is at the caller's line, which is then no caller of itself. */
function callersOf(raised: CallPosition, at: Position | undefined): Position[] {
  const chain = [toPosition(raised), ...toCallers(raised)];
  const place = chain.findIndex((position) => position.file === at?.file && position.line === at.line);
  return chain.slice(place + 1);
}

function fromMismatch(mismatch: Mismatch, name: string | undefined): LuakitError {
  const text = name === undefined ? mismatch.text() : `${name}: ${mismatch.text()}`;
  return new LuakitError(mismatch.code, text, { hint: mismatch.hint, cause: mismatch.cause });
}

function withName(error: LuakitError, name: string): LuakitError {
  if (error.message.startsWith(`${name}: `)) return error;
  return new LuakitError(error.code, `${name}: ${error.message}`, { hint: error.hint, cause: error.cause });
}
