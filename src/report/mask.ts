/** Shorter lines of a secret would mask half of a log. */
const shortest = 4;
const mask = "***";

/** Makes a function that takes each line of the given secrets out of a text. */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const lines = secrets.flatMap((secret) => secret.split(/\r?\n/)).map((line) => line.trim());
  const words = [...new Set(lines.filter((line) => line.length >= shortest))].sort((a, b) => b.length - a.length);
  if (words.length === 0) return (text) => text;
  return (text) => words.reduce((rest, word) => (rest.includes(word) ? rest.replaceAll(word, mask) : rest), text);
}
