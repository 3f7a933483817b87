import { LuakitError } from "../diagnostic/luakit-error.ts";
import { findMatch, type Piece, toPattern } from "./match-pattern.ts";

/** `value` without what a shell pattern matches at its start: the shortest match, or the longest. */
export function trimPrefix(pattern: string, value: string, longest: boolean): string {
  const characters = [...value];
  const match = findMatch(toPattern(parsePieces(pattern), longest), characters, 0, true);
  return match === undefined ? value : characters.slice(match.end).join("");
}

/** `value` without what a shell pattern matches at its end. */
export function trimSuffix(pattern: string, value: string, longest: boolean): string {
  return reverse(trimPrefix(reversePattern(pattern), reverse(value), longest));
}

/** `value` with the first match of a pattern, or every match, replaced. */
export function replacePattern(pattern: string, value: string, replacement: string, all: boolean): string {
  const characters = [...value];
  const parsed = toPattern(parsePieces(pattern), true);
  const text = (from: number, to?: number) => characters.slice(from, to).join("");
  if (!all) {
    const match = findMatch(parsed, characters, 0, false);
    return match === undefined ? value : text(0, match.start) + replacement + text(match.end);
  }
  let result = "";
  let last = 0;
  for (let from = 0; from <= characters.length; ) {
    const match = findMatch(parsed, characters, from, false);
    if (match === undefined) break;
    result += text(last, match.start);
    // As in Go there is no empty match right behind another one.
    if (match.end > last || match.start === 0) {
      result = append(result, fillTemplate(replacement, text(match.start, match.end)));
    }
    last = match.end;
    from = Math.max(from + 1, match.end);
  }
  return result + text(last);
}

/** More than any variable, argument or path may have. */
const longest = 16 << 20;

/** Two texts as one, unless that would be endless: a few words can ask for more than there is memory. */
export function append(text: string, more: string): string {
  if (text.length + more.length > longest) {
    throw new LuakitError("script.argument", `the text with its variables is above ${longest >> 20} MiB`);
  }
  return text + more;
}

/** `$0` and the like mean something in a replacement of Go's regexp, and so in a Dockerfile; there are no groups. */
function fillTemplate(replacement: string, match: string): string {
  return replacement.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (found, bare, braced) => {
    if (found === "$$") return "$";
    return /^0+$/.test(bare ?? braced) ? match : "";
  });
}

function parsePieces(pattern: string): readonly Piece[] {
  const characters = [...pattern];
  const pieces: Piece[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "*") pieces.push("any");
    else if (character === "?") pieces.push("one");
    else pieces.push({ is: character === "\\" ? escapedCharacter(characters[++at]) : character });
  }
  return pieces;
}

function escapedCharacter(character: string | undefined): string {
  if (character !== undefined && "}/*?\\".includes(character)) return character;
  throw new LuakitError("script.argument", `a pattern cannot escape "${character ?? ""}"`);
}

function reverse(text: string): string {
  return [...text].reverse().join("");
}

/** An escape stays before what it escapes. */
function reversePattern(pattern: string): string {
  return (pattern.match(/\\.|./gsu) ?? []).reverse().join("");
}
