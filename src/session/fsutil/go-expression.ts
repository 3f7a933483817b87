/** RE2's named sets, which are ASCII only: https://github.com/google/re2/wiki/Syntax. */
const named: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\u{0}-\\u{7f}",
  blank: "\\t ",
  cntrl: "\\u{0}-\\u{1f}\\u{7f}",
  digit: "0-9",
  graph: "\\u{21}-\\u{7e}",
  lower: "a-z",
  print: "\\u{20}-\\u{7e}",
  punct: "\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}",
  space: "\\t-\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** The sets that Perl knows: `\d`, `\s`, `\w`. */
const perl: Readonly<Record<string, string>> = { d: "0-9", s: "\\t\\n\\f\\r ", w: "0-9A-Za-z_" };

/** What stands for one character. */
const control: Readonly<Record<string, string>> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** What stands for a place. */
const places: Readonly<Record<string, string>> = { b: "\\b", B: "\\B", A: "^", z: "$" };

/**
 * A regular expression in Go's syntax, as far as patterns of paths can lead to it: sets, `.`, `*`, `?`, groups and
 * escapes. Undefined when Go calls it malformed, and for `\p`, `\x`, `\Q` and octal numbers, which are not supported.
 */
export function goExpression(source: string): RegExp | undefined {
  const characters = [...source];
  let translated = "";
  let at = 0;
  while (at < characters.length) {
    const part = readPart(characters, at);
    if (part === undefined) return undefined;
    translated += part.source;
    at = part.end;
  }
  return new RegExp(translated, "v");
}

/** A character by its code point, as it can stand in any part of a regular expression. */
function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

interface Part {
  readonly source: string;
  readonly end: number;
}

function readPart(characters: readonly string[], at: number): Part | undefined {
  const character = characters[at] ?? "";
  if (character === "[") return readSet(characters, at + 1);
  if ("^$()*?".includes(character)) return { source: character, end: at + 1 };
  if (character === ".") return { source: "[^\\n]", end: at + 1 };
  if (character !== "\\") return { source: literal(character), end: at + 1 };
  const escaped = characters[at + 1] ?? "";
  const end = at + 2;
  const place = places[escaped];
  if (place !== undefined) return { source: place, end };
  const set = perlSet(escaped);
  if (set !== undefined) return { source: `[${set.negated ? "^" : ""}${set.members}]`, end };
  const plain = escapedCharacter(escaped);
  return plain === undefined ? undefined : { source: literal(plain), end };
}

function perlSet(letter: string): { readonly members: string; readonly negated: boolean } | undefined {
  const members = perl[letter.toLowerCase()];
  return members === undefined ? undefined : { members, negated: letter !== letter.toLowerCase() };
}

/** The character that `\` and this one stand for. */
function escapedCharacter(character: string): string | undefined {
  return control[character] ?? (/^[!-/:-@[-`{-~ \t-\r]$/.test(character) ? character : undefined);
}

/** A set from behind its bracket on. */
function readSet(characters: readonly string[], start: number): Part | undefined {
  const negated = characters[start] === "^";
  let at = negated ? start + 1 : start;
  const first = at;
  const members: string[] = [];
  while (at === first || characters[at] !== "]") {
    const member = readMember(characters, at);
    if (member === undefined) return undefined;
    members.push(member.source);
    at = member.end;
  }
  return { source: `${negated ? "[^" : "["}${members.join("")}]`, end: at + 1 };
}

function readMember(characters: readonly string[], at: number): Part | undefined {
  const colon = characters[at] === "[" && characters[at + 1] === ":" ? endOfName(characters, at + 2) : -1;
  if (colon >= 0) return namedMember(characters.slice(at + 2, colon).join(""), colon + 2);
  const set = characters[at] === "\\" ? perlSet(characters[at + 1] ?? "") : undefined;
  if (set !== undefined) return { source: set.negated ? `[^${set.members}]` : set.members, end: at + 2 };
  const low = readPoint(characters, at);
  if (low === undefined) return undefined;
  const range = characters[low.end] === "-" && characters[low.end + 1] !== "]";
  const high = range ? readPoint(characters, low.end + 1) : low;
  if (high === undefined || high.point < low.point) return undefined;
  return { source: `\\u{${low.point.toString(16)}}-\\u{${high.point.toString(16)}}`, end: high.end };
}

/** Where the next `:]` is, or -1. */
function endOfName(characters: readonly string[], start: number): number {
  return characters.findIndex((character, at) => at >= start && character === ":" && characters[at + 1] === "]");
}

function namedMember(name: string, end: number): Part | undefined {
  const negated = name.startsWith("^");
  const members = named[negated ? name.slice(1) : name];
  if (members === undefined) return undefined;
  return { source: negated ? `[^${members}]` : members, end };
}

function readPoint(
  characters: readonly string[],
  at: number,
): { readonly point: number; readonly end: number } | undefined {
  const escaped = characters[at] === "\\";
  const character = characters[escaped ? at + 1 : at];
  const plain = escaped && character !== undefined ? escapedCharacter(character) : character;
  const point = plain?.codePointAt(0);
  return point === undefined ? undefined : { point, end: at + (escaped ? 2 : 1) };
}
