import { parseWord, type Word, type WordSyntax } from "../expand/word.ts";
import { BuildArguments } from "./build-arguments.ts";
import { type Instruction, refuse } from "./instruction.ts";
import { type Lua, text } from "./lua.ts";
import { Names } from "./names.ts";
import { Scope as NewScope, type Scope } from "./scope.ts";
import type { Stage } from "./stage.ts";
import { type LuaWord, wordToLua } from "./word-to-lua.ts";

/** Something that the script does not do as the Dockerfile does. */
export interface ConvertWarning {
  readonly line: number;
  readonly message: string;
}

/** One Dockerfile on its way to a script. */
export class Conversion {
  readonly escapeToken: string;
  readonly names = new Names();
  readonly warnings: ConvertWarning[] = [];
  readonly stages: Stage[] = [];
  readonly globals: Scope = new NewScope();
  readonly arguments: BuildArguments;
  readonly #instructions: readonly Instruction[];
  /** The local of the build context, once something is copied from it. */
  context: string | undefined;

  constructor(escapeToken: string, instructions: readonly Instruction[]) {
    this.escapeToken = escapeToken;
    this.arguments = new BuildArguments(this.names, instructions, escapeToken);
    this.#instructions = instructions;
  }

  parse(source: string, syntax: WordSyntax = {}): Word {
    return parseWord(source, { escape: this.escapeToken, ...syntax });
  }

  /** A word as Lua in a stage; tells what only the base image knows. */
  word(stage: Stage, instruction: Instruction, source: string, syntax?: WordSyntax): LuaWord {
    const word = wordToLua(this.parse(source, syntax), stage.scope);
    for (const name of word.foreign) {
      const message = `$${name} is not set in the Dockerfile; if the base image sets it, write its value here`;
      this.warn(stage, instruction, message);
    }
    return word;
  }

  /** A word as Lua that is used as it is. */
  lua(stage: Stage, instruction: Instruction, source: string): Lua {
    return this.word(stage, instruction, source).lua;
  }

  /** A word as the Dockerfile has it, for where the base image is known. */
  expandable(source: string): Lua {
    const plain = this.escapeToken === "\\" ? source : source.replace(/\\/g, "\\\\").replace(/`/g, "\\");
    return text(/^"[^"\\]*"$/.test(plain) ? plain.slice(1, -1) : plain);
  }

  /** Says at the place, and to who converts, what is not the same. */
  warn(stage: Stage, { line, keyword }: Pick<Instruction, "line" | "keyword">, message: string): void {
    if (this.warnings.some((each) => each.line === line && each.message === `${keyword}: ${message}`)) return;
    this.warnings.push({ line, message: `${keyword}: ${message}` });
    stage.pending.push(...wrap(`NOT CONVERTED (line ${line}): ${keyword}: ${message}`));
  }

  /** The build context as Lua. */
  contextLocal(): string {
    this.context ??= this.names.take("context");
    return this.context;
  }

  /** Whether the shell of steps may become another one behind a line. */
  changesShell(line: number): boolean {
    return this.#instructions.some(
      (each) =>
        each.line > line && (each.keyword === "SHELL" || (each.keyword === "ONBUILD" && /^SHELL\s/i.test(each.rest))),
    );
  }

  /** The stage that a name means, from the stages so far. */
  findStage(name: string): Stage | undefined {
    return this.stages.findLast((stage) => stage.name === name.toLowerCase());
  }

  /** A file tree that COPY or a mount takes from: a stage, or an image. */
  source(from: string): Lua {
    const stage = this.findStage(from);
    if (stage !== undefined && stage === this.stages.at(-1)) throw refuse(`--from=${from}: that is the stage itself`);
    if (stage !== undefined) return { type: "code", text: stage.local };
    const isLater = ({ keyword, words }: Instruction) =>
      keyword === "FROM" && words[2]?.toLowerCase() === from.toLowerCase();
    if (this.#instructions.some(isLater)) throw refuse(`--from=${from}: that stage comes later`);
    return imageOf(text(from), from);
  }
}

/** An image by its name, which may be `scratch`. */
export function imageOf(reference: Lua, name: string | undefined, options: Lua | undefined = undefined): Lua {
  if (name === "scratch") return { type: "call", callee: "bk.scratch", args: [] };
  return { type: "call", callee: "bk.image", args: options === undefined ? [reference] : [reference, options] };
}

/** Lines of at most 100 columns, where there are spaces to break at. */
function wrap(message: string): readonly string[] {
  return message.match(/.{1,100}(?:\s+|$)|\S+\s*/g)?.map((line) => line.trimEnd()) ?? [message];
}
