/** A text on one line, in the quotes that need fewer escapes. */
export function quote(value: string): string {
  const count = (character: string) => value.split(character).length;
  const mark = count('"') > count("'") ? "'" : '"';
  const escaped = value.replace(/[\\"'\p{Cc}]/gu, (character) => escapeCharacter(character, mark));
  return `${mark}${escaped}${mark}`;
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\" };

function escapeCharacter(character: string, mark: string): string {
  if (character === '"' || character === "'") return character === mark ? `\\${character}` : character;
  return short[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** Whether a text is better read between long brackets: it has lines, and nothing that they would change. */
export function isLong(value: string): boolean {
  return /\n./s.test(value) && !/[^\P{Cc}\n\t]/u.test(value);
}

/** A text between long brackets. The line end after the first bracket is none of the text's. */
export function longString(value: string): string {
  const level = levelOf(value);
  return `[${level}[\n${value}]${level}]`;
}

/** The equals signs that no bracket of the text has. */
export function levelOf(value: string): string {
  let level = "";
  while (`${value}]`.includes(`]${level}]`)) level += "=";
  return level;
}
