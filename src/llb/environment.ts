import { expandWord } from "../expand/expand.ts";
import { parseWord } from "../expand/word.ts";
import { checkText, invalid, isText } from "./invalid.ts";

/** One variable set on a state, newest first. */
export interface EnvChange {
  readonly name: string;
  readonly value: string;
  readonly previous?: EnvChange | undefined;
  /** Variables in the value are those of the environment that this is the newest change of. */
  readonly expands?: { readonly in: EnvChange | undefined } | undefined;
  /** Steps see it, an image that takes the settings does not. */
  readonly stepsOnly?: boolean | undefined;
}

export interface EnvOptions {
  /** `$NAME` in values stands for a variable as it was before. */
  readonly expand?: boolean | undefined;
  readonly stepsOnly?: boolean | undefined;
}

/** `changes` with these variables set, in their order. */
export function setEnv(
  changes: EnvChange | undefined,
  variables: ReadonlyMap<string, string>,
  options: EnvOptions = {},
): EnvChange | undefined {
  let newest = changes;
  variables.forEach((value, name) => {
    checkEnv(name, value);
    const expands = options.expand && parseWord(value).length > 0 ? { in: changes } : undefined;
    newest = { name, value, previous: newest, expands, stepsOnly: options.stepsOnly };
  });
  return newest;
}

function checkEnv(name: string, value: string): void {
  if (name === "") throw invalid("env: a variable needs a name");
  if (name.includes("=")) throw invalid(`env: the name "${name}" contains "="`);
  if (!isText(name)) checkText(`env: the name "${name}"`, name);
  if (!isText(value)) checkText(`env: the value of ${name}`, value);
}

/**
 * `NAME=value` entries of a base environment with changes on top. A variable stands where it was set last, as in Go's
 * client: setting it again moves it to the end.
 */
export function resolveEnv(base: readonly string[], changes: EnvChange | undefined): readonly string[] {
  if (base.length === 0 && changes !== undefined && changes.previous === undefined && changes.expands === undefined) {
    return [`${changes.name}=${changes.value}`];
  }
  const textOf = expander(base, changes);
  const newestFirst: string[] = [];
  const seen = new Set<string>();
  for (let change = changes; change !== undefined; change = change.previous) {
    if (seen.has(change.name)) continue;
    seen.add(change.name);
    newestFirst.push(`${change.name}=${textOf(change)}`);
  }
  for (let at = base.length - 1; at >= 0; at--) {
    const entry = base[at] ?? "";
    const equals = entry.indexOf("=");
    const name = equals === -1 ? entry : entry.slice(0, equals);
    if (name === "" || seen.has(name)) continue;
    seen.add(name);
    newestFirst.push(equals === -1 ? `${name}=` : entry);
  }
  return newestFirst.reverse();
}

/** Whether some entry sets `name`. */
export function hasEnv(entries: readonly string[], name: string): boolean {
  return entries.some((entry) => entry.startsWith(name) && entry.charCodeAt(name.length) === 0x3d);
}

/** The entries that an image gets from `changes`, in the order in which they were set. */
export function imageEnv(base: readonly string[], changes: EnvChange | undefined): readonly string[] {
  const textOf = expander(base, changes);
  const entries = new Map<string, string>();
  for (let change = changes; change !== undefined; change = change.previous) {
    if (!change.stepsOnly && !entries.has(change.name)) entries.set(change.name, `${change.name}=${textOf(change)}`);
  }
  return [...entries.values()].reverse();
}

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Linux takes no longer text as a variable. */
const longest = 128 << 10;

/** Tells the value of one of `changes` on top of a base environment. */
function expander(base: readonly string[], changes: EnvChange | undefined): (change: EnvChange) => string {
  const known = new Map<EnvChange, string>();
  const textOf = (change: EnvChange) => known.get(change) ?? change.value;
  // Oldest first, so that what a value stands on is known.
  const all = chainOf(changes);
  const newest = new Map<string, EnvChange>();
  let applied = 0;
  const find = (name: string): string | undefined => {
    const change = newest.get(name);
    if (change !== undefined) return textOf(change);
    const entry = base.findLast((each) => each.startsWith(`${name}=`));
    return entry?.slice(name.length + 1) ?? (name === "PATH" ? defaultPath : undefined);
  };
  for (const change of all) {
    if (change.expands === undefined) continue;
    for (let last = all[applied - 1]; last !== change.expands.in && applied < all.length; applied++) {
      last = all[applied];
      if (last !== undefined) newest.set(last.name, last);
    }
    const text = expandWord(parseWord(change.value), find);
    if (text.length > longest) throw invalid(`env: the value of ${change.name} is above 128 KiB`);
    known.set(change, text);
  }
  return textOf;
}

/** All changes, oldest first; none when no value has variables in it. */
function chainOf(changes: EnvChange | undefined): readonly EnvChange[] {
  const found: EnvChange[] = [];
  let expands = false;
  for (let change = changes; change !== undefined; change = change.previous) {
    found.push(change);
    expands ||= change.expands !== undefined;
  }
  return expands ? found.reverse() : [];
}
