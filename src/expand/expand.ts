import { LuakitError } from "../diagnostic/luakit-error.ts";
import { append, replacePattern, trimPrefix, trimSuffix } from "./pattern.ts";
import type { Word, WordPart } from "./word.ts";

/** The value of a variable; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** The text of a word. Throws "script.argument" for what `${NAME:?message}` demands. */
export function expandWord(word: Word, lookup: Lookup): string {
  let text = "";
  for (const part of word) text = append(text, part.type === "text" ? part.text : expandVariable(part, lookup));
  return text;
}

type Variable = Exclude<WordPart, { type: "text" }>;

function expandVariable(variable: Variable, lookup: Lookup): string {
  const { name, operator, emptyIsUnset } = variable;
  const value = lookup(name);
  const isSet = value !== undefined && !(emptyIsUnset && value === "");
  const word = expandWord(variable.word, lookup);
  switch (operator) {
    case undefined:
      return value ?? "";
    case "-":
      return isSet ? value : word;
    case "+":
      return isSet ? word : "";
    case "?":
      if (isSet) return value;
      throw new LuakitError(
        "script.argument",
        `${name}: ${word || `is not allowed to be ${value === undefined ? "unset" : "empty"}`}`,
      );
    case "#":
    case "%":
      return trim(operator, word, value ?? "");
    default:
      return replacePattern(word, value ?? "", expandWord(variable.replacement, lookup), operator === "//");
  }
}

/** A doubled operator takes the longest match. */
function trim(operator: "#" | "%", word: string, value: string): string {
  const longest = word.startsWith(operator);
  const pattern = longest ? word.slice(1) : word;
  return operator === "#" ? trimPrefix(pattern, value, longest) : trimSuffix(pattern, value, longest);
}
