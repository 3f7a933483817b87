import { posix } from "node:path";
import type { Conversion } from "./conversion.ts";
import { type Instruction, refuse } from "./instruction.ts";
import { code, type Entry, type Lua, list, literal, record, text } from "./lua.ts";
import { argumentsOf, pairsOf } from "./pairs.ts";
import { printLua } from "./print-lua.ts";
import { quote } from "./print-string.ts";
import { type Binding, constant, foreign } from "./scope.ts";
import { addCall, type Stage } from "./stage.ts";
import { type LuaWord, wordToLua } from "./word-to-lua.ts";

/** ENV: values see the variables from before the instruction. */
export function convertEnv(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const before = stage.scope.fork();
  const entries: Entry[] = [];
  let isForeign = false;
  const pairs = pairsOf(instruction).map(({ key, value }) => {
    const name = conversion.word(stage, instruction, key);
    const word = wordToLua(conversion.parse(value), before);
    isForeign ||= word.foreign.length > 0;
    return { name, word, value };
  });
  for (const { name, word, value } of pairs) {
    if (name.constant === "") throw refuse("ENV: a name is empty");
    const lua = isForeign ? conversion.expandable(value) : word.lua;
    entries.push({ key: name.constant ?? name.lua, value: lua });
    if (name.constant === undefined) continue;
    const binding = bindingOf(word);
    stage.scope.set(name.constant, binding);
    stage.env.set(name.constant, { value: lua, binding });
  }
  const kept = entries.filter(({ key }, at) => !entries.slice(at + 1).some((other) => other.key === key));
  const options = isForeign ? [record({ expand: literal(true) })] : [];
  addCall(stage, "with_env", inOrder(kept), ...options);
  stage.hasSettings = true;
}

/** A table, if the names are in the order in which the image would have them anyway; else a list keeps theirs. */
function inOrder(entries: readonly Entry[]): Lua {
  const names = entries.map(({ key }) => key);
  const isSorted = names.every((name, at) => at === 0 || String(names[at - 1]) < String(name));
  const items = isSorted ? [] : entries.map(itemOf);
  return isSorted || items.includes(undefined) ? { type: "table", entries } : list(items.flatMap((item) => item ?? []));
}

/** `NAME=value`; undefined where the name is only known when the script runs. */
function itemOf({ key, value }: Entry): Lua | undefined {
  if (typeof key !== "string") return undefined;
  const parts = value.type === "concat" ? value.parts : [inBrackets(value)];
  const [first, ...more] = parts;
  if (first?.type !== "string") return { type: "concat", parts: [text(`${key}=`), ...parts] };
  const start = text(`${key}=${first.value}`);
  return more.length === 0 ? start : { type: "concat", parts: [start, ...more] };
}

/** Alone, an `or` stands without brackets. */
function inBrackets(value: Lua): Lua {
  return value.type === "code" && / or /.test(value.text) ? code(`(${value.text})`) : value;
}

/** What a variable is after ENV has given it a value. */
function bindingOf({ lua, constant: value, foreign: unknown, preset }: LuaWord): Binding {
  if (value !== undefined) return constant(value);
  if (unknown.length > 0) return foreign;
  const flat = printLua(lua, "", Number.NEGATIVE_INFINITY);
  return { type: "local", name: / or /.test(flat) ? `(${flat})` : flat, mayBeNil: false, preset };
}

/** ARG: a local for the script, and a variable for the steps. */
export function convertArg(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const entries: Entry[] = [];
  const open = new Set<Entry["key"]>();
  let comments: readonly string[] = stage.pending;
  stage.pending = [];
  for (const { key, value } of argumentsOf(instruction)) {
    const fallback = value === undefined ? undefined : conversion.word(stage, instruction, value);
    const inherited = conversion.globals.get(key);
    const { binding, statements } = conversion.arguments.declare({ name: key, fallback, comments }, inherited);
    if (statements.length > 0) comments = [];
    stage.statements.push(...statements);
    stage.scope.set(key, orBefore(binding, stage.scope.get(key)));
    if (!["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"].includes(key) && binding.type === "local") {
      entries.push({ key, value: code(binding.name) });
      if (binding.mayBeNil) open.add(key);
    }
  }
  stage.pending = [...comments, ...stage.pending];
  if (!stage.runs || entries.length === 0) return;
  const last = stage.steps.at(-1);
  const table = last?.type === "call" && last.method === "with_args" ? last.args[0] : undefined;
  if (table?.type !== "table") addCall(stage, "with_args", { type: "table", entries });
  else {
    const old = table.entries.filter((each) => !entries.some(({ key }) => key === each.key));
    const added = entries.map((each) => {
      const before = open.has(each.key) ? table.entries.find(({ key }) => key === each.key) : undefined;
      return before === undefined ? each : { ...each, value: firstOf(each.value, before.value) };
    });
    stage.steps[stage.steps.length - 1] = {
      type: "call",
      method: "with_args",
      args: [{ type: "table", entries: [...old, ...added] }],
      comments: last?.comments ?? [],
    };
  }
}

function firstOf(...values: readonly Lua[]): Lua {
  return code(values.map((value) => printLua(value, "", Number.NEGATIVE_INFINITY)).join(" or "));
}

/** An argument that nobody gives leaves the variable as it was. */
function orBefore(binding: Binding, before: Binding | undefined): Binding {
  if (binding.type !== "local" || !binding.mayBeNil || before === undefined || before.type === "foreign")
    return binding;
  const value = before.type === "constant" ? quote(before.value) : before.name;
  if (before.type === "local" && before.mayBeNil) return binding;
  const preset = before.type === "constant" ? before.value : before.preset;
  return { type: "local", name: `(${binding.name} or ${value})`, mayBeNil: false, preset };
}

/** WORKDIR, which makes the directory too. */
export function convertWorkdir(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const { lua, constant: path } = conversion.word(stage, instruction, instruction.rest);
  if (path === "") throw refuse("WORKDIR needs a path");
  const isAbsolute = path?.startsWith("/") ?? false;
  if (path === undefined) stage.dir = undefined;
  else if (isAbsolute || stage.dir !== undefined) stage.dir = posix.resolve(stage.dir ?? "/", path);
  const dir = path !== undefined && isAbsolute ? text(posix.resolve(path)) : lua;
  addCall(stage, "with_dir", dir, ...(stage.dir === "/" ? [] : [record({ create: literal(true) })]));
  stage.hasSettings = true;
}

export function convertUser(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  addCall(stage, "with_user", conversion.lua(stage, instruction, instruction.rest));
  stage.hasSettings = true;
}

export function convertShell(_: Conversion, stage: Stage, { isList, words }: Instruction): void {
  if (!isList || words.length === 0) throw refuse("SHELL takes a list", 'write SHELL ["/bin/bash", "-c"]');
  addCall(stage, "with_shell", list(words.map(text)));
  stage.hasSettings = true;
}
