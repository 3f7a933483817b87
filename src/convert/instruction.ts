import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { Heredoc } from "./heredoc.ts";
import type { SourceInstruction } from "./source-lines.ts";
import { parseJsonList, splitFlags, splitSpaces, splitWords } from "./split-arguments.ts";

/** One instruction, its arguments split as its keyword wants it. Variables are still in them. */
export interface Instruction {
  readonly keyword: Keyword;
  readonly line: number;
  readonly comments: readonly string[];
  /** Values by flag, in order. A flag without a value has "". */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** What follows the flags. */
  readonly rest: string;
  readonly words: readonly string[];
  /** The words were a JSON array. */
  readonly isList: boolean;
  readonly heredocs: readonly Heredoc[];
  readonly source: SourceInstruction;
}

type Shape = "words" | "spaces" | "text" | "command" | "paths" | "trigger";

const forms = {
  ADD: { shape: "paths", flags: ["chown", "chmod", "link?", "keep-git-dir?", "checksum", "unpack?", "exclude*"] },
  ARG: { shape: "words", flags: [] },
  CMD: { shape: "command", flags: [] },
  COPY: { shape: "paths", flags: ["from", "chown", "chmod", "link?", "parents?", "exclude*"] },
  ENTRYPOINT: { shape: "command", flags: [] },
  ENV: { shape: "words", flags: [] },
  EXPOSE: { shape: "spaces", flags: [] },
  FROM: { shape: "spaces", flags: ["platform"] },
  HEALTHCHECK: { shape: "text", flags: ["interval", "timeout", "start-period", "start-interval", "retries"] },
  LABEL: { shape: "words", flags: [] },
  MAINTAINER: { shape: "text", flags: [] },
  ONBUILD: { shape: "trigger", flags: [] },
  RUN: { shape: "command", flags: ["mount*", "network", "security", "device*"] },
  SHELL: { shape: "command", flags: [] },
  STOPSIGNAL: { shape: "text", flags: [] },
  USER: { shape: "text", flags: [] },
  VOLUME: { shape: "paths", flags: [] },
  WORKDIR: { shape: "text", flags: [] },
} as const satisfies Record<string, { shape: Shape; flags: readonly string[] }>;

export type Keyword = keyof typeof forms;

/** Reads one instruction. Throws "convert.syntax" without a place. */
export function parseInstruction(source: SourceInstruction, escapeToken: string): Instruction {
  const [, word = "", after = ""] = /^\s*(\S+)(?:\s+([\s\S]*))?$/.exec(source.text) ?? [];
  const keyword = word.toUpperCase();
  if (!isKeyword(keyword)) throw refuse(`unknown instruction "${word}"${didYouMean(keyword, Object.keys(forms))}`);
  const { shape, flags: known } = forms[keyword];
  const { flags, rest } = shape === "trigger" ? { flags: [], rest: after.trim() } : splitFlags(after, escapeToken);
  if (rest === "") throw refuse(`${keyword} needs an argument`);
  const { words, isList } = splitBy(shape, rest, escapeToken);
  const { line, comments, heredocs } = source;
  return { keyword, line, comments, heredocs, source, rest, words, isList, flags: readFlags(flags, known) };
}

function isKeyword(word: string): word is Keyword {
  return Object.hasOwn(forms, word);
}

function splitBy(shape: Shape, rest: string, escapeToken: string): { words: readonly string[]; isList: boolean } {
  const list = shape === "command" || shape === "paths" ? parseJsonList(rest) : undefined;
  if (list !== undefined) return { words: list, isList: true };
  if (shape === "words") return { words: splitWords(rest, escapeToken), isList: false };
  return { words: shape === "spaces" || shape === "paths" ? splitSpaces(rest) : [rest], isList: false };
}

/** `?` marks a flag that is true or false, `*` one that may be there several times. */
function readFlags(given: readonly string[], known: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const flags = new Map<string, readonly string[]>();
  for (const flag of given) {
    const [, name = "", equals, value = ""] = /^--([^=]*)(=)?([\s\S]*)$/.exec(flag) ?? [];
    const form = known.find((each) => each.replace(/[?*]$/, "") === name);
    const names = known.map((each) => `--${each.replace(/[?*]$/, "")}`);
    if (form === undefined) throw refuse(`unknown flag "--${name}"${didYouMean(`--${name}`, names)}`);
    if (flags.has(name) && !form.endsWith("*")) throw refuse(`the flag "--${name}" is there twice`);
    if (equals === undefined && !form.endsWith("?")) throw refuse(`the flag "--${name}" needs a value`);
    flags.set(name, [...(flags.get(name) ?? []), form.endsWith("?") ? truth(name, equals, value) : value]);
  }
  return flags;
}

function truth(name: string, equals: string | undefined, value: string): string {
  if (equals === undefined || value.toLowerCase() === "true") return "true";
  if (value.toLowerCase() === "false") return "false";
  throw refuse(`the flag "--${name}" is true or false, not "${value}"`);
}

/** The value of a flag that may be there once; undefined when it is not there. */
export function flagOf(instruction: Instruction, name: string): string | undefined {
  return instruction.flags.get(name)?.[0];
}

/** An error of the Dockerfile, whose place the caller knows. */
export function refuse(message: string, hint?: string): LuakitError {
  return new LuakitError("convert.syntax", message, { hint });
}
