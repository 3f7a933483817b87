import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The flags before the arguments of an instruction, and the rest. */
export function splitFlags(text: string, escapeToken: string): { flags: readonly string[]; rest: string } {
  const flags: string[] = [];
  let rest = text.trimStart();
  while (rest.startsWith("--")) {
    const { word, length } = readFlag(rest, escapeToken);
    rest = rest.slice(length).trimStart();
    if (word === "--") break;
    flags.push(word);
  }
  return { flags, rest: rest.trim() };
}

/** A word up to the next space, without its quotes and escapes. */
function readFlag(text: string, escapeToken: string): { word: string; length: number } {
  let word = "";
  let quote = "";
  let at = 0;
  for (; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote === "" && /\s/.test(character)) break;
    if (character === escapeToken) word += text[++at] ?? "";
    else if (quote === character) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else word += character;
  }
  return { word, length: at };
}

/** Splits at spaces outside of quotes; quotes and escapes stay in the words. */
export function splitWords(text: string, escapeToken: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  let isWord = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote === "" && /\s/.test(character)) {
      if (isWord) words.push(word);
      word = "";
      isWord = false;
      continue;
    }
    isWord = true;
    if (character === escapeToken && quote !== "'") {
      if (at + 1 < text.length) word += character + text[++at];
      continue;
    }
    if (quote === character) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    word += character;
  }
  return isWord && word !== "" ? [...words, word] : words;
}

/** Splits at spaces, quotes or not. */
export function splitSpaces(text: string): readonly string[] {
  return text === "" ? [] : text.split(/[\t\v\f\r ]+/);
}

/** The strings of a JSON array; undefined when the text is none. */
export function parseJsonList(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  return value.map((item: unknown) => {
    if (typeof item === "string") return item;
    throw new LuakitError("convert.syntax", "an array has something that is no text", { hint: 'write ["a", "b"]' });
  });
}
