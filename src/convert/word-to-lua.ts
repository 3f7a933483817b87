import { expandWord } from "../expand/expand.ts";
import { variablesOf, type Word, type WordPart } from "../expand/word.ts";
import { call, code, type Lua, record, text } from "./lua.ts";
import { quote } from "./print-string.ts";
import type { Binding, Scope } from "./scope.ts";

/** A word as Lua. */
export interface LuaWord {
  readonly lua: Lua;
  /** Its text, if no build argument is in it. */
  readonly constant: string | undefined;
  /** Its text when no build argument is given, if that is known. */
  readonly preset: string | undefined;
  /** Variables that only the base image knows; they are empty in `lua`. */
  readonly foreign: readonly string[];
}

/** Writes a word as Lua: constants are put in, build arguments stay variables. */
export function wordToLua(word: Word, scope: Scope): LuaWord {
  const foreign = [...new Set(variablesOf(word))].filter((name) => scope.get(name)?.type === "foreign");
  const parts = merge(word.flatMap((part) => partToLua(part, scope)));
  const [first] = parts;
  const lua: Lua = parts.length < 2 ? unwrapped(first ?? text("")) : { type: "concat", parts };
  const constant = lua.type === "string" && foreign.length === 0 ? lua.value : undefined;
  return { lua, constant, foreign, preset: constant ?? presetOf(word, scope) };
}

function partToLua(part: WordPart, scope: Scope): readonly Lua[] {
  if (part.type === "text") return [text(part.text)];
  const binding = scope.get(part.name);
  if (part.operator === undefined) return [textOf(binding)];
  if (isFolded(part, scope)) return [text(expandWord([part], (name) => constantValue(scope.get(name))))];
  const chosen = chooseBranch(part, binding, scope);
  return chosen ?? [call("bk.expand", text(part.source), argumentsFor(part, scope))];
}

function textOf(binding: Binding | undefined): Lua {
  if (binding?.type === "local") return code(binding.mayBeNil ? `(${binding.name} or "")` : binding.name);
  return text(constantValue(binding) ?? "");
}

function constantValue(binding: Binding | undefined): string | undefined {
  return binding?.type === "constant" ? binding.value : undefined;
}

function isFolded(part: WordPart, scope: Scope): boolean {
  return variablesOf([part]).every((name) => scope.get(name)?.type !== "local");
}

type Variable = Exclude<WordPart, { type: "text" }>;

/** What a default or an alternative is without asking at run time how empty a value is. */
function chooseBranch(part: Variable, binding: Binding | undefined, scope: Scope): readonly Lua[] | undefined {
  const { operator, emptyIsUnset } = part;
  if (operator !== "-" && operator !== "+") return undefined;
  const word = () => part.word.flatMap((each) => partToLua(each, scope));
  if (binding?.type !== "local") {
    const value = constantValue(binding);
    const isSet = value !== undefined && !(emptyIsUnset && value === "");
    if (operator === "-") return isSet ? [text(value)] : word();
    return isSet ? word() : [];
  }
  if (emptyIsUnset) return undefined;
  if (!binding.mayBeNil) return operator === "-" ? [code(binding.name)] : word();
  const [only, ...more] = merge(word());
  const isSimple = more.length === 0 && only?.type === "string" && operator === "-";
  return isSimple ? [code(`(${binding.name} or ${quote(only.value)})`)] : undefined;
}

function argumentsFor(part: WordPart, scope: Scope): Lua {
  const names = [...new Set(variablesOf([part]))];
  const values = names.map((name) => {
    const binding = scope.get(name);
    if (binding?.type === "local") return [name, code(binding.name)] as const;
    return [name, binding?.type === "constant" ? text(binding.value) : undefined] as const;
  });
  return record(Object.fromEntries(values));
}

function merge(parts: readonly Lua[]): readonly Lua[] {
  const merged: Lua[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.type === "string" && part.value === "") continue;
    if (part.type === "string" && last?.type === "string") merged[merged.length - 1] = text(last.value + part.value);
    else merged.push(part);
  }
  return merged;
}

/** Brackets around `or` are needed only beside other operators. */
function unwrapped(lua: Lua): Lua {
  return lua.type === "code" && /^\(\w+ or .*\)$/s.test(lua.text) ? code(lua.text.slice(1, -1)) : lua;
}

function presetOf(word: Word, scope: Scope): string | undefined {
  const names = variablesOf(word);
  const isKnown = names.every((name) => {
    const binding = scope.get(name);
    return (
      binding?.type !== "foreign" && (binding?.type !== "local" || binding.mayBeNil || binding.preset !== undefined)
    );
  });
  if (!isKnown) return undefined;
  try {
    return expandWord(word, (name) => {
      const binding = scope.get(name);
      return binding?.type === "local" ? binding.preset : constantValue(binding);
    });
  } catch {
    return undefined;
  }
}
