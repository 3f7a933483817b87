import type { Command, Flag } from "../command.ts";

/** What the word at the cursor is to a command. */
export type Place =
  | { readonly kind: "flag" }
  /** `prefix` is what of the word stands before the value: `--target=`. */
  | { readonly kind: "value"; readonly name: string; readonly flag: Flag; readonly prefix: string }
  | { readonly kind: "operand"; readonly before: readonly string[] };

/** What the command line says so far, as far as it can be read. */
export interface Line {
  readonly place: Place;
  /** The words before that are complete, for `parseInput`. */
  readonly complete: readonly string[];
  /** Names of flags that are there already. */
  readonly given: ReadonlySet<string>;
}

/** Reads the words of a command before the cursor and the one at it, by the rules of `parseInput`. */
export function readLine(command: Command, before: readonly string[], current: string): Line {
  const given = new Set<string>();
  const operands: string[] = [];
  for (let index = 0; index < before.length; index++) {
    const word = before[index] ?? "";
    if (word === "--") {
      const rest = [...operands, ...before.slice(index + 1)];
      return { place: { kind: "operand", before: rest }, complete: before, given };
    }
    if (word === "-" || !word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    const found = findFlag(command, word);
    if (found === undefined) continue;
    given.add(found.name);
    if (found.flag.type === "boolean" || found.hasValue) continue;
    if (index + 1 === before.length) {
      const place = { kind: "value", name: found.name, flag: found.flag, prefix: "" } as const;
      return { place, complete: before.slice(0, index), given };
    }
    index++;
  }
  return { place: placeOf(command, current, operands), complete: before, given };
}

function placeOf(command: Command, current: string, operands: readonly string[]): Place {
  const equals = current.indexOf("=");
  if (!current.startsWith("-") || current === "-") {
    return current === "-" ? { kind: "flag" } : { kind: "operand", before: operands };
  }
  const found = equals < 0 ? undefined : findFlag(command, current);
  if (found === undefined) return { kind: "flag" };
  return { kind: "value", name: found.name, flag: found.flag, prefix: current.slice(0, equals + 1) };
}

function findFlag(command: Command, word: string): { name: string; flag: Flag; hasValue: boolean } | undefined {
  if (word.startsWith("--")) {
    const [name = ""] = word.slice(2).split("=", 1);
    const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
    return flag && { name, flag, hasValue: word.includes("=") };
  }
  const entry = Object.entries(command.flags).find(([, { short }]) => short === word[1]);
  return entry && { name: entry[0], flag: entry[1], hasValue: word.length > 2 };
}
