// Control characters, line separators, direction marks and lone surrogates: what could steer or confuse a terminal.
const unsafe = /[\p{Cc}\p{Cs}\u061c\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Most texts are. */
const plain = /^[ -~]*$/;
/** Without it nothing on any line is unsafe. As ranges, without a flag for code points, long texts are searched ten times faster. */
const suspicious = new RegExp(
  [
    "[\\0-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\ud800-\\udfff",
    "\\u061c\\u2028\\u2029\\u200b-\\u200f",
    "\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]",
  ].join(""),
);

const short: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** `text` on one line that is safe to show on a terminal. Quotes and backslashes stay as they are. */
export function escapeControls(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unsafe, (character) => short.get(character) ?? codeOf(character.codePointAt(0) ?? 0));
}

/** `text` as it is when it is one plain word, else in double quotes. */
export function quoteWord(text: string): string {
  if (/^[^\s"'\\]+$/.test(text)) return escapeControls(text);
  return `"${escapeControls(text.replace(/["\\]/g, "\\$&"))}"`;
}

/** JSON text whose strings have the same characters as `\uXXXX`. Newlines between members stay. */
export function escapeJsonControls(json: string): string {
  if (!suspicious.test(json)) return json;
  return json.replace(unsafe, (character) =>
    character === "\n" ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

function codeOf(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
