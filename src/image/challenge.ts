/** One way of authentication that a registry offers in WWW-Authenticate; keys of `parameters` are lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads a WWW-Authenticate header, also one that joins several challenges with commas; `scheme` is lower case. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  const letter = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
  const parameter = `(${letter}+)\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${letter}+))`;
  const scheme = `(${letter}+)(?!${letter}|\\s*=)`;
  const part = new RegExp(`\\s*(?:${parameter}|${scheme})\\s*,?`, "y");
  for (let match = part.exec(header); match !== null; match = part.exec(header)) {
    const [, name, quoted, plain, opened] = match;
    if (opened !== undefined) challenges.push({ scheme: opened.toLowerCase(), parameters: new Map() });
    if (name === undefined) continue;
    challenges.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
  }
  return challenges;
}
