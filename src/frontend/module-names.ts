/** The names of modules that a text asks for by a literal, each once. What is in comments counts too. */
export function moduleNames(text: string): readonly string[] {
  const quoted = text.matchAll(/\brequire\s*\(?\s*(["'])([^"'\\\n]+)\1/g);
  const bracketed = text.matchAll(/\brequire\s*\(?\s*\[\[([^\]\n]+)\]\]/g);
  return [
    ...new Set([...[...quoted].map((match) => match[2] ?? ""), ...[...bracketed].map((match) => match[1] ?? "")]),
  ];
}
