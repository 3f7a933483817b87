import { checkText, invalid, isText } from "./invalid.ts";

/** One variable set on a state, newest first. */
export interface EnvChange {
  readonly name: string;
  readonly value: string;
  readonly previous?: EnvChange | undefined;
}

/** `changes` with these variables set, in their order. */
export function setEnv(changes: EnvChange | undefined, variables: ReadonlyMap<string, string>): EnvChange | undefined {
  let newest = changes;
  variables.forEach((value, name) => {
    checkEnv(name, value);
    newest = { name, value, previous: newest };
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
  if (base.length === 0 && changes !== undefined && changes.previous === undefined) {
    return [`${changes.name}=${changes.value}`];
  }
  const newestFirst: string[] = [];
  const seen = new Set<string>();
  for (let change = changes; change !== undefined; change = change.previous) {
    if (seen.has(change.name)) continue;
    seen.add(change.name);
    newestFirst.push(`${change.name}=${change.value}`);
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
