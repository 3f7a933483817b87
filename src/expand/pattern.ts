import { LuakitError } from "../diagnostic/luakit-error.ts";

/** `value` without what a shell pattern matches at its start: the shortest match, or the longest. */
export function trimPrefix(pattern: string, value: string, longest: boolean): string {
  return value.replace(toRegExp(pattern, { longest, anchored: true }), "");
}

/** `value` without what a shell pattern matches at its end. */
export function trimSuffix(pattern: string, value: string, longest: boolean): string {
  return reverse(trimPrefix(reversePattern(pattern), reverse(value), longest));
}

/** `value` with the first match of a pattern, or every match, replaced. */
export function replacePattern(pattern: string, value: string, replacement: string, all: boolean): string {
  const expression = toRegExp(pattern, { longest: true, anchored: false });
  return value.replace(all ? new RegExp(expression, "gu") : expression, () => replacement);
}

interface Match {
  readonly longest: boolean;
  readonly anchored: boolean;
}

/** `*` and `?` are wildcards; there are no bracket expressions, as in the Dockerfile frontend. */
function toRegExp(pattern: string, { longest, anchored }: Match): RegExp {
  const characters = [...pattern];
  let source = anchored ? "^" : "";
  for (let at = 0; at < characters.length; at++) {
    let character = characters[at] ?? "";
    if (character === "*") source += longest ? ".*" : ".*?";
    else if (character === "?") source += ".";
    else {
      if (character === "\\") character = escapedCharacter(characters[++at]);
      source += character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    }
  }
  return new RegExp(source, "u");
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
