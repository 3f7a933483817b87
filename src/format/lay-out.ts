import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type FormatRange, findFailure } from "./find-failure.ts";
import type { Stylua } from "./open-stylua.ts";
import { makeReadable } from "./readable-text.ts";
import type { Style } from "./style.ts";

/** What Lua itself finds wrong with a script: undefined when it can read it. */
export type SyntaxCheck = (name: string, source: string) => LuakitError | undefined;

export interface LayOutOptions {
  readonly name: string;
  /** The whole script, of which the text is the end; absent when it is not as the script has it. */
  readonly source: string | undefined;
  readonly style: Style;
  readonly stylua: Stylua;
  /** Absent: what StyLua cannot read is a mistake of the script. */
  readonly check: SyntaxCheck | undefined;
}

/** More than any text was seen to need: comments within expressions move once or twice. */
const mostPasses = 8;

/** Lays a text out until that changes nothing more. Throws "script.syntax", and "script.format" for what is StyLua's. */
export function layOut(text: string, options: LayOutOptions): string {
  let before = text;
  for (let pass = 0; pass < mostPasses; pass++) {
    const after = layOutOnce(before, pass === 0 ? options : { ...options, source: undefined });
    if (after === before) break;
    before = after;
  }
  return before;
}

function layOutOnce(text: string, options: LayOutOptions): string {
  const first = attempt(text, options);
  if (first.text === text) return text;
  const readable = first.text === undefined && canCheck(options) ? makeReadable(text) : undefined;
  const second = readable === undefined || readable.text === text ? first : attempt(readable.text, options);
  refuseMistake(text, options, second);
  if (second.text === undefined) throw formatError(readable?.text ?? text, options, second.thrown);
  return readable?.restore(second.text) ?? second.text;
}

interface Outcome {
  readonly text?: string;
  readonly thrown?: unknown;
}

function attempt(text: string, { stylua, style }: LayOutOptions, range?: FormatRange): Outcome {
  try {
    return { text: stylua(text, style, range) };
  } catch (thrown) {
    return { thrown };
  }
}

/** Lua 5.4 is what luakit reads, and `All` has it; of another Lua only StyLua knows. */
function canCheck({ check, style }: LayOutOptions): boolean {
  return check !== undefined && (style.syntax === "Lua54" || style.syntax === "All");
}

/**
 * Throws when the script is to blame, at the place that StyLua says if it does. Some mistakes StyLua passes over, and drops
 * what it does not understand: a backslash, a second `return`.
 */
function refuseMistake(text: string, options: LayOutOptions, { thrown }: Outcome): void {
  const { name, source, check } = options;
  if (source === undefined) return;
  const mistake = canCheck(options) ? check?.(name, source) : undefined;
  const said = readReason(thrown);
  if (said !== undefined && (mistake !== undefined || !canCheck(options))) {
    throw new LuakitError("script.syntax", said.reason, { position: placeOf(text, options, said.line) });
  }
  if (mistake !== undefined && options.style.syntax === "Lua54") throw mistake;
}

/** `error parsing: unexpected token `=` (3:7 to 3:8), expected …`, or several of these in lines. */
function readReason(thrown: unknown): { readonly reason: string; readonly line: number } | undefined {
  if (typeof thrown !== "string" || !thrown.startsWith("error parsing:")) return undefined;
  const reasons = thrown.replace(/^error parsing:\s*/, "").split(/^\s*- /m);
  const reason = (reasons.find((each) => each.trim() !== "") ?? "").trim();
  const place = /\((\d+):\d+ to \d+:\d+\)/.exec(reason);
  if (place === null) return undefined;
  return { line: Number(place[1]), reason: reason.replace(` ${place[0]}`, "").replaceAll("`", '"') };
}

/** What StyLua says of itself is for its makers: it asks people to report there, and a trap has code in it. */
function formatError(text: string, options: LayOutOptions, thrown: unknown): LuakitError {
  const { name } = options;
  const said = readReason(thrown);
  if (said !== undefined) {
    return new LuakitError("script.format", `StyLua cannot read this, though it is valid Lua: ${said.reason}`, {
      cause: thrown,
      position: placeOf(text, options, said.line),
      hint: "the script is left as it is",
    });
  }
  const line = findFailure(text, (range) => attempt(text, options, range).text === undefined);
  const position = line === undefined ? undefined : placeOf(text, options, line);
  const what = position === undefined ? `the script "${name}"` : "this statement";
  return new LuakitError("script.format", `StyLua cannot lay out ${what}`, {
    cause: thrown,
    position,
    hint: "the script is left as it is; `-- stylua: ignore` above a statement leaves that out",
  });
}

/** In the script, whose first lines the text does not have. */
function placeOf(text: string, { name, source }: LayOutOptions, line: number): LuakitError["position"] {
  if (source === undefined) return undefined;
  const above = source.split("\n").length - text.split("\n").length;
  return { file: name, line: line + above, source };
}
