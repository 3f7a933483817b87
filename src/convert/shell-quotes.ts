/**
 * Whether a shell that has read these characters is outside of quotes and comments, as it was before them. False, too,
 * where that is not certain: backquotes, heredocs, and what nests in ways that shells differ in.
 */
export function endsPlain(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    if (startsComment(text, at) || text.startsWith("<<", at) || text.startsWith("$'", at)) return false;
    const next = skipPart(text, at) ?? Number.NaN;
    if (Number.isNaN(next)) return false;
    at = next;
  }
  return true;
}

/** The place after the character at a place, or after what begins there; undefined where that has no end. */
function skipPart(text: string, at: number): number | undefined {
  if (text.startsWith("${", at)) return skipTo("}", text, at + 2);
  switch (text[at]) {
    case "\\":
      return at + 1 < text.length ? at + 2 : undefined;
    case "'":
      return text.indexOf("'", at + 1) + 1 || undefined;
    case '"':
      return skipTo('"', text, at + 1);
    case "`":
      return undefined;
    default:
      return at + 1;
  }
}

/** Within double quotes and braces a single quote is a character or a quote, by the shell and by what is around. */
function skipTo(end: '"' | "}", text: string, start: number): number | undefined {
  let at: number | undefined = start;
  while (at !== undefined && at < text.length) {
    if (text[at] === end) return at + 1;
    if (text.startsWith("$(", at)) at = skipCommand(text, at + 2);
    else if (text[at] === "'") at = end === '"' ? at + 1 : undefined;
    else at = skipPart(text, at);
  }
  return undefined;
}

/** A command in quotes. `case` has brackets of which one is missing. */
function skipCommand(text: string, start: number): number | undefined {
  let at: number | undefined = start;
  while (at !== undefined && at < text.length) {
    if (text[at] === ")") return at + 1;
    if (startsComment(text, at) || text.startsWith("$'", at) || /^case\b/.test(text.slice(at, at + 5)))
      return undefined;
    at = text[at] === "(" ? skipCommand(text, at + 1) : skipPart(text, at);
  }
  return undefined;
}

/** A `#` at the start of a word. */
function startsComment(text: string, at: number): boolean {
  return text[at] === "#" && (at === 0 || /[\s;&|()<>]/.test(text[at - 1] ?? ""));
}
