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
const suspicious = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u;

/** Text without escape sequences and characters that drive a terminal; tabs and newlines stay. */
export function stripControls(text: string): string {
  return suspicious.test(text) ? text.replace(unwanted, "") : text;
}

/** As {@link stripControls}, but colours (SGR) stay. */
export function keepColors(text: string): string {
  return suspicious.test(text) ? text.replace(unwanted, (found) => (isColor(found) ? found : "")) : text;
}

function isColor(found: string): boolean {
  return found.startsWith("\u001b[") && found.endsWith("m") && /^[0-9;:]*$/.test(found.slice(2, -1));
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
