/** Shorter than this, a secret's line is none that anybody would find by it. */
const shortest = 4;

/** Gives a function that puts asterisks in the place of secrets, as many as they have characters. */
export function maskSecrets(secrets: readonly string[]): (text: string) => string {
  const pieces = secrets.flatMap((secret) => secret.split("\n")).filter((piece) => piece.length >= shortest);
  if (pieces.length === 0) return (text) => text;
  const pattern = new RegExp(pieces.map((piece) => `(?<!\\w)${RegExp.escape(piece)}(?!\\w)`).join("|"), "g");
  // A script's whole text is asked for with each of its findings.
  let last = { text: "", masked: "" };
  return (text) => {
    if (last.text !== text) last = { text, masked: text.replace(pattern, (found) => "*".repeat(found.length)) };
    return last.masked;
  };
}
