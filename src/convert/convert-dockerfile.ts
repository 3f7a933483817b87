import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Conversion, type ConvertWarning } from "./conversion.ts";
import { convertInstruction, startStage } from "./convert-stage.ts";
import { type Instruction, parseInstruction, refuse } from "./instruction.ts";
import { argumentsOf } from "./pairs.ts";
import { printScript } from "./print-script.ts";
import { splitLines } from "./source-lines.ts";
import type { Stage, Statement } from "./stage.ts";
import { inFile } from "./syntax-error.ts";
import { wordToLua } from "./word-to-lua.ts";

export interface ConvertOptions {
  /** What the Dockerfile is called in the script's head and in errors. */
  readonly name: string;
}

export interface Converted {
  /** A `build.lua`. */
  readonly script: string;
  /** What the script does not do as the Dockerfile does, in its order. Each is a comment in the script too. */
  readonly warnings: readonly ConvertWarning[];
}

/** A script that builds what a Dockerfile builds. Throws "convert.syntax", with its place, for what no frontend takes. */
export function convertDockerfile(text: string, { name }: ConvertOptions): Converted {
  const at =
    (line: number) =>
    <T>(work: () => T): T => {
      try {
        return work();
      } catch (error) {
        throw inFile(error, name, text, line);
      }
    };
  const { instructions: sources, escapeToken, directives, comments } = at(1)(() => splitLines(text));
  const instructions = sources.map((source) => at(source.line)(() => parseInstruction(source, escapeToken)));
  const conversion = at(1)(() => new Conversion(escapeToken, instructions));
  const first = instructions.findIndex(({ keyword }) => keyword === "FROM");
  if (first < 0) throw inFile(refuse("there is no FROM"), name, text, instructions[0]?.line ?? 1);
  const needed = new Set(instructions.flatMap((each) => at(each.line)(() => neededBy(conversion, each))));
  const globals = instructions
    .slice(0, first)
    .flatMap((each) => at(each.line)(() => declareGlobal(conversion, each, needed)));
  let stage: Stage | undefined;
  for (const [index, instruction] of instructions.entries()) {
    if (index < first) continue;
    const current = stage;
    at(instruction.line)(() => {
      if (instruction.keyword !== "FROM" && current !== undefined) convertInstruction(conversion, current, instruction);
      else {
        stage = startStage(conversion, startOf(conversion, instructions, index));
        conversion.stages.push(stage);
      }
    });
  }
  const header = [`Converted from ${name} by luakit convert.`];
  const foreign = foreignSyntax(directives.get("syntax"));
  if (foreign !== undefined) {
    conversion.warnings.unshift({ line: 1, message: foreign });
    header.push(`NOT CONVERTED (line 1): ${foreign}`);
  }
  return { script: printScript(conversion, header, globals, comments), warnings: conversion.warnings };
}

function foreignSyntax(syntax: string | undefined): string | undefined {
  if (syntax === undefined || /(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax)) return undefined;
  return `syntax: another frontend, ${syntax}, may read the Dockerfile otherwise`;
}

/** The variables without which an image has no name. */
function neededBy(conversion: Conversion, { keyword, words: [base = ""] }: Instruction): readonly string[] {
  const word = keyword === "FROM" ? conversion.parse(base) : [];
  return word.flatMap((part) => (part.type === "variable" && part.operator === undefined ? [part.name] : []));
}

function declareGlobal(
  conversion: Conversion,
  instruction: Instruction,
  needed: ReadonlySet<string>,
): readonly Statement[] {
  if (instruction.keyword !== "ARG") throw refuse(`${instruction.keyword} comes before FROM`);
  let { comments } = instruction;
  return argumentsOf(instruction).flatMap(({ key, value }) => {
    const fallback = value === undefined ? undefined : wordToLua(conversion.parse(value), conversion.globals);
    const { binding, statements } = conversion.arguments.declare(
      { name: key, fallback, comments, required: needed.has(key) },
      undefined,
    );
    conversion.globals.set(key, binding);
    comments = [];
    return statements;
  });
}

function startOf(conversion: Conversion, instructions: readonly Instruction[], index: number) {
  const instruction = instructions[index];
  if (instruction === undefined) throw new LuakitError("convert.syntax", "there is no FROM");
  const after = instructions.slice(index + 1).findIndex(({ keyword }) => keyword === "FROM");
  const end = after < 0 ? instructions.length : index + 1 + after;
  return {
    instruction,
    runs: runsAfter(instructions, index, end),
    isOnly: conversion.stages.length === 0 && after < 0,
    isLast: after < 0,
  };
}

/** Whether the stage, or one that may go on from it, runs something. `seen` has where the stages began that were asked. */
function runsAfter(
  instructions: readonly Instruction[],
  start: number,
  end: number,
  seen = new Set<number>(),
): boolean {
  if (seen.has(start)) return false;
  seen.add(start);
  const runs = ({ keyword, rest }: Instruction) =>
    keyword === "RUN" || (keyword === "ENV" && rest.includes("$")) || keyword === "ONBUILD";
  const own = instructions.slice(start, end);
  if (own.some(runs)) return true;
  const alias = instructions[start]?.words[2]?.toLowerCase();
  if (alias === undefined) return false;
  return instructions.some(({ keyword, words: [base = ""] }, at) => {
    if (at < end || keyword !== "FROM" || (base.toLowerCase() !== alias && !base.includes("$"))) return false;
    const next = instructions.slice(at + 1).findIndex((each) => each.keyword === "FROM");
    return runsAfter(instructions, at, next < 0 ? instructions.length : at + 1 + next, seen);
  });
}
