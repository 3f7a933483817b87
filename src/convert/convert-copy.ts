import { posix } from "node:path";
import { variablesOf } from "../expand/word.ts";
import type { Conversion } from "./conversion.ts";
import { contextSource, inLocal, mkfile, optional, remoteSource } from "./convert-file-source.ts";
import { contentOf, parseHeredoc } from "./heredoc.ts";
import { flagOf, type Instruction, refuse } from "./instruction.ts";
import { call, code, type Entry, type Lua, list, literal, text } from "./lua.ts";
import { addCall, type Stage, takePending } from "./stage.ts";
import type { LuaWord } from "./word-to-lua.ts";

/** One `state:copy`. */
interface Copy {
  readonly from: Lua;
  readonly paths: readonly Lua[];
  readonly options: readonly Entry[];
}

/** COPY and ADD: a copy for the paths, and one for each source that is something else. */
export function convertCopy(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const { keyword, words } = instruction;
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) throw refuse(`${keyword} needs a source and a destination`);
  if (parseHeredoc(destination) !== undefined) throw refuse(`${keyword}: the destination cannot be a heredoc`);
  const expands = needsExpansion(conversion, stage, instruction);
  const to = pathWord(conversion, stage, instruction, destination, expands);
  const target = to.constant === "." || to.constant === "" ? text("./") : to.lua;
  const own = [...ownOptions(conversion, stage, instruction), ...(expands ? [expandOption] : [])];
  const copies = copiesOf(conversion, stage, instruction, expands);
  const isLinked = flagOf(instruction, "link") === "true" && !instruction.flags.has("chmod");
  if (isLinked && !expands && linkCopies(stage, copies, own, to)) return;
  for (const copy of copies) addCall(stage, "copy", ...argumentsOf(copy, target, own));
}

function argumentsOf({ from, paths, options }: Copy, target: Lua, own: readonly Entry[]): readonly Lua[] {
  const [only] = paths;
  const source = only !== undefined && paths.length === 1 ? only : list(paths);
  return [from, source, target, ...optional({ type: "table", entries: [...options, ...own] })];
}

const expandOption: Entry = { key: "expand", value: literal(true) };

/** Whether paths have variables of the base image, and none of an argument, which are Lua. */
function needsExpansion(conversion: Conversion, stage: Stage, { words }: Instruction): boolean {
  const paths = words.filter((word) => parseHeredoc(word) === undefined);
  const names = paths.flatMap((word) => variablesOf(conversion.parse(word)));
  const types = new Set(names.map((name) => stage.scope.get(name)?.type));
  return types.has("foreign") && !types.has("local");
}

/** A path as Lua; one that is expanded later is as the Dockerfile has it. */
function pathWord(
  conversion: Conversion,
  stage: Stage,
  instruction: Instruction,
  source: string,
  expands: boolean,
): LuaWord {
  if (!expands) return conversion.word(stage, instruction, source);
  return { lua: conversion.expandable(source), constant: undefined, preset: undefined, foreign: [] };
}

/** A linked copy is a layer of its own. A relative destination that nobody knows yet cannot be in one. */
function linkCopies(stage: Stage, copies: readonly Copy[], own: readonly Entry[], to: LuaWord): boolean {
  const isAbsolute = leadingText(to.lua).startsWith("/");
  if (!isAbsolute && (stage.dir === undefined || to.constant === undefined)) return false;
  const target = isAbsolute || stage.dir === undefined ? to.lua : text(below(stage.dir, to.constant ?? ""));
  const links = copies.map((copy) => ({ method: "copy", args: argumentsOf(copy, target, own), comments: [] }));
  const layer: Lua = { type: "chain", head: call("bk.scratch"), links };
  stage.steps.push({ type: "merge", layer, comments: takePending(stage) });
  return true;
}

function below(dir: string, path: string): string {
  const slash = path === "" || path === "." || path.endsWith("/") || path.endsWith("/.");
  const joined = posix.join(dir, path);
  return slash && !joined.endsWith("/") ? `${joined}/` : joined;
}

function leadingText(lua: Lua): string {
  const [first] = lua.type === "concat" ? lua.parts : [lua];
  return first?.type === "string" ? first.value : "";
}

function ownOptions(conversion: Conversion, stage: Stage, instruction: Instruction): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [flag, key] of [
    ["chown", "owner"],
    ["chmod", "mode"],
  ] as const) {
    const value = flagOf(instruction, flag);
    if (value)
      entries.push({
        key,
        value:
          key === "mode" ? modeOf(conversion, stage, instruction, value) : conversion.lua(stage, instruction, value),
      });
  }
  const exclude = instruction.flags.get("exclude") ?? [];
  return exclude.length === 0 ? entries : [...entries, { key: "exclude", value: list(exclude.map(text)) }];
}

function modeOf(conversion: Conversion, stage: Stage, instruction: Instruction, value: string): Lua {
  const { lua, constant } = conversion.word(stage, instruction, value);
  return constant !== undefined && /^[0-7]+$/.test(constant) ? text(constant.padStart(4, "0")) : lua;
}

function copiesOf(conversion: Conversion, stage: Stage, instruction: Instruction, expands: boolean): readonly Copy[] {
  const sources = instruction.words.slice(0, -1);
  const documents = new Map(instruction.heredocs.map((heredoc) => [heredoc.name, heredoc]));
  const paths: LuaWord[] = [];
  const others: Copy[] = [];
  for (const source of sources) {
    const heredoc = parseHeredoc(source);
    const document = heredoc === undefined ? undefined : documents.get(heredoc.name);
    if (document !== undefined) {
      const content = document.expand
        ? conversion.word(stage, instruction, contentOf(document), { quotes: false, escape: "\\" }).lua
        : text(contentOf(document));
      const file = mkfile(text(`/${document.name}`), content);
      const from = inLocal(conversion, stage, file, fileName(instruction, document.name));
      others.push({ from, paths: [text(`/${document.name}`)], options: [] });
      continue;
    }
    const word = pathWord(conversion, stage, instruction, source, expands);
    const remote = instruction.keyword === "ADD" ? remoteSource(conversion, stage, instruction, word) : undefined;
    if (remote === undefined) paths.push(word);
    else others.push(remoteCopy(remote.from, remote.path, instruction));
  }
  return [...localCopies(conversion, instruction, paths), ...others];
}

function fileName(instruction: Instruction, name: string): string {
  const destination = instruction.words.at(-1) ?? "";
  const isFile = !/[/$]$|^\.?$|\$/.test(destination) && instruction.words.length === 2;
  return isFile ? posix.basename(destination) : name;
}

function remoteCopy(from: Lua, path: Lua, instruction: Instruction): Copy {
  const unpacks = flagOf(instruction, "unpack") === "true" && from.type === "call" && from.callee === "bk.http";
  return { from, paths: [path], options: unpacks ? [{ key: "unpack", value: literal(true) }] : [] };
}

function localCopies(conversion: Conversion, instruction: Instruction, words: readonly LuaWord[]): readonly Copy[] {
  if (words.length === 0) return [];
  const from = sourceOf(conversion, instruction);
  const rooted = instruction.flags.has("from");
  if (flagOf(instruction, "parents") === "true") return words.map((word) => parentsCopy(from, word, rooted));
  const paths = words.map((word) => pathOf(word, rooted));
  const unpack = flagOf(instruction, "unpack") ?? String(instruction.keyword === "ADD");
  const options: Entry[] = [];
  if (paths.some((path) => !isRoot(path))) options.push({ key: "follow_symlink", value: literal(true) });
  if (paths.some(mayHaveWildcard)) options.push({ key: "allow_empty_wildcard", value: literal(true) });
  if (unpack === "true") options.push({ key: "unpack", value: literal(true) });
  return [{ from, paths, options }];
}

function sourceOf(conversion: Conversion, instruction: Instruction): Lua {
  const from = flagOf(instruction, "from");
  if (from === undefined || from === "") return contextSource(conversion);
  const number = /^\d+$/.test(from) ? Number(from) : undefined;
  const stage = number === undefined ? undefined : conversion.stages[number];
  if (number !== undefined && stage === undefined) throw refuse(`COPY: there is no stage ${from} before this one`);
  if (/\$/.test(from)) {
    throw refuse("COPY: --from takes no variables", "name a stage with FROM, which takes global arguments");
  }
  return stage === undefined ? conversion.source(from) : code(stage.local);
}

/** A path as luakit reads it: from the root of what it is in. */
function pathOf({ lua, constant }: LuaWord, rooted: boolean): Lua {
  if (constant === undefined) return rooted && !leadingText(lua).startsWith("/") ? joined("/", lua) : lua;
  const clean = posix.join("/", constant).replace(/(.)\/+$/, "$1");
  return text(rooted || clean === "/" || constant.startsWith("/") ? clean : clean.slice(1));
}

function joined(before: string, lua: Lua): Lua {
  if (lua.type === "string") return text(before + lua.value);
  if (lua.type !== "concat") return { type: "concat", parts: [text(before), lua] };
  const [first, ...rest] = lua.parts;
  if (first?.type === "string") return { type: "concat", parts: [text(before + first.value), ...rest] };
  return { type: "concat", parts: [text(before), ...lua.parts] };
}

function isRoot(path: Lua): boolean {
  return path.type === "string" && path.value === "/";
}

function mayHaveWildcard(path: Lua): boolean {
  return path.type !== "string" || /[*?[]/.test(path.value);
}

/** `--parents` keeps the directories of the source; `/./` says which of them. */
function parentsCopy(from: Lua, word: LuaWord, rooted: boolean): Copy {
  const whole = word.constant;
  if (whole === undefined) {
    return { from, paths: [text("/")], options: [{ key: "include", value: list([word.lua]) }] };
  }
  const pivot = whole.indexOf("/./");
  const parent = posix.join("/", pivot < 0 ? "" : whole.slice(0, pivot));
  const pattern = posix.join("/", pivot < 0 ? whole : whole.slice(pivot + 3)).slice(1);
  const isExact = !/[*?[]/.test(parent + pattern);
  const required = text(posix.join(parent, pattern));
  const options: Entry[] = [{ key: "include", value: list([text(pattern)]) }];
  if (isExact) options.push({ key: "required_paths", value: list([required]) });
  else options.push({ key: "allow_empty_wildcard", value: literal(true) });
  const path = parent === "/" || rooted ? parent : parent.slice(1);
  if (parent !== "/") options.push({ key: "follow_symlink", value: literal(true) });
  return { from, paths: [text(path)], options };
}
