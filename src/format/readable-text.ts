import { type LuaToken, luaTokens } from "./lua-tokens.ts";

/** A script in words that StyLua knows; it means the same once `restore` has been given what StyLua made of it. */
export interface ReadableText {
  readonly text: string;
  restore(formatted: string): string;
}

/**
 * Takes out of valid Lua what StyLua cannot read: empty statements go, and a number has another one in its place, as
 * long as it, until the text is laid out. Lines and columns stay.
 */
export function makeReadable(text: string): ReadableText {
  const tokens = luaTokens(text);
  const empty = emptyStatements(tokens);
  const numbers = new Map<string, string>();
  let readable = "";
  let end = 0;
  for (const token of tokens) {
    const isEmpty = empty.has(token);
    if (!isEmpty && !isUnknownNumber(token.text)) continue;
    const standIn = isEmpty
      ? " "
      : newNumber(token.text.length, (digits) => !text.includes(digits) && !numbers.has(digits));
    if (!isEmpty) numbers.set(standIn, token.text);
    readable += text.slice(end, token.start) + standIn;
    end = token.start + token.text.length;
  }
  const restore = (formatted: string) =>
    numbers.size === 0 ? formatted : formatted.replace(/\d+/g, (digits) => numbers.get(digits) ?? digits);
  return { text: readable + text.slice(end), restore };
}

/** Semicolons that end nothing: after another one, and where a block begins. */
function emptyStatements(tokens: readonly LuaToken[]): ReadonlySet<LuaToken> {
  const empty = new Set<LuaToken>();
  const lists = parameterLists(tokens);
  // In a table semicolons are between the items.
  let before: LuaToken | undefined;
  for (const token of tokens) {
    if (token.text === ";" && (before === undefined || beginsBlock.has(before.text) || lists.has(before)))
      empty.add(token);
    before = token;
  }
  return empty;
}

const beginsBlock = new Set([";", "do", "then", "else", "repeat"]);

/** The brackets that end the parameters of functions. */
function parameterLists(tokens: readonly LuaToken[]): ReadonlySet<LuaToken> {
  const ends = new Set<LuaToken>();
  let isHead = false;
  let isList = false;
  for (const token of tokens) {
    if (token.text === "function") isHead = true;
    else if (isHead && token.text === "(") [isHead, isList] = [false, true];
    else if (isList && token.text === ")") {
      ends.add(token);
      isList = false;
    }
  }
  return ends;
}

/** Hexadecimal fractions and exponents, and what is more than the largest integer. */
function isUnknownNumber(word: string): boolean {
  if (/^0[xX][\da-fA-F]+$/.test(word)) return BigInt(word) >= 2n ** 63n;
  return /^0[xX].*[.pP]/.test(word);
}

/** A decimal number of so many digits, or of a few more where there is no such number. */
function newNumber(length: number, isNew: (digits: string) => boolean): string {
  for (let digits = length, last = 0; ; last++) {
    if (`${last}`.length >= digits) [digits, last] = [digits + 1, 0];
    const number = `9${`${last}`.padStart(digits - 1, "0")}`;
    if (isNew(number)) return number;
  }
}
