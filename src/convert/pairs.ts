import { type Instruction, refuse } from "./instruction.ts";

export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** What ENV and LABEL set: `key=value …`, or in the old form one `key value`. */
export function pairsOf({ keyword, words, rest }: Instruction): readonly Pair[] {
  if (!(words[0] ?? "").includes("=")) return [oldPair(keyword, rest)];
  return words.map((word) => {
    const equals = word.indexOf("=");
    if (equals < 0) throw refuse(`${keyword}: "${word}" is not name=value`);
    if (equals === 0) throw refuse(`${keyword}: "${word}" has no name`);
    return { key: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}

function oldPair(keyword: string, rest: string): Pair {
  const [, key, value] = /^([^\t\v\f\r ]+)[\t\v\f\r ]+([\s\S]*)$/.exec(rest) ?? [];
  if (key === undefined || value === undefined) throw refuse(`${keyword} needs a name and a value`);
  return { key, value };
}

/** What ARG declares: names, some with a default. */
export function argumentsOf({ words }: Instruction): readonly { readonly key: string; readonly value?: string }[] {
  return words.map((word) => {
    const equals = word.indexOf("=");
    if (equals < 0) return { key: word };
    if (equals === 0) throw refuse(`ARG: "${word}" has no name`);
    return { key: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}
