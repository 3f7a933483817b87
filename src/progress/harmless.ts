/** A whole escape sequence (a string up to its end or the end of the line, CSI, the short ones), or a single character. */
const unwanted = new RegExp(
  [
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|\\u001b\\\\|\\u009c)?",
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?",
    "\\u001b[ -/]*[0-~]?",
    "[^\\P{Cc}\\t\\n]",
    "\\p{Bidi_Control}",
  ].join("|"),
  "gu",
);
/** The same characters as ranges, by which long texts are searched ten times faster. */
const suspicious = new RegExp(
  [
    "[\\0-\\u0008",
    "\\u000b-\\u001f",
    "\\u007f-\\u009f",
    "\\u061c\\u200e\\u200f",
    "\\u202a-\\u202e\\u2066-\\u2069]",
  ].join(""),
);

/** True when nothing in `text` has to be taken out by {@link stripControls}. */
export function isHarmless(text: string): boolean {
  return !suspicious.test(text);
}

/** Text without escape sequences and characters that drive a terminal; tabs and newlines stay. */
export function stripControls(text: string): string {
  return suspicious.test(text) ? text.replace(unwanted, "") : text;
}

/** As {@link stripControls}, but colours (SGR) stay. */
export function keepColors(text: string): string {
  return suspicious.test(text) ? text.replace(unwanted, (found) => (isColor(found) ? found : "")) : text;
}

/** Longer ones than any program needs would be repeated on every line. */
function isColor(found: string): boolean {
  return (
    found.length <= 64 && found.startsWith("\u001b[") && found.endsWith("m") && /^[0-9;:]*$/.test(found.slice(2, -1))
  );
}

/** Text in which a runner of GitHub Actions finds no command: it obeys `##[x]` anywhere, and `::x::` where a line begins. */
export function withoutCommands(text: string): string {
  return text.replaceAll("##[", "# #[").replace(/^([^\S\n]*)::/gm, "$1: :");
}

/** As {@link withoutCommands}, of JSON, which means the same afterwards. */
export function withoutJsonCommands(json: string): string {
  return json.replaceAll("##[", "#\\u0023[");
}

/** A name or message on one line: white space of any kind is one space. */
export function oneLine(text: string): string {
  return stripControls(text).replace(/\s+/g, " ").trim();
}

/** One line for a frame: as {@link oneLine}, without what makes characters of different width in different terminals. */
export function frameText(text: string): string {
  return steady(oneLine(text));
}

/** Text without joiners, variation selectors and other characters that show nothing themselves. */
export function steady(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, "");
}
