import type { Command } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { suggestValue } from "./flag-value.ts";
import { suggestOperand } from "./operand-word.ts";
import { type Line, readLine } from "./place.ts";
import { scriptFacts } from "./script-facts.ts";
import { nothing, printSuggestions, type Suggestions } from "./suggestions.ts";

/** The commands that there are. */
export interface Catalog {
  readonly summaries: readonly (readonly [name: string, summary: string])[];
  load(name: string): Promise<Command> | undefined;
}

/**
 * What the completion scripts of the shells call: prints what may stand in the place of the last of `line`, the words
 * after `luakit`. Nothing that goes wrong is said: there is nobody to read it.
 */
export async function complete(line: readonly string[], terminal: Terminal, catalog: Catalog): Promise<number> {
  const current = line.at(-1) ?? "";
  const quiet = { ...terminal, error: () => undefined };
  const found = await suggest(line.slice(0, -1), current, quiet, catalog).catch(() => nothing);
  terminal.out(printSuggestions(found, current));
  return 0;
}

async function suggest(
  before: readonly string[],
  current: string,
  terminal: Terminal,
  catalog: Catalog,
): Promise<Suggestions> {
  const [name, ...words] = before;
  const commands = catalog.summaries.map(([value, doc]) => ({ value, doc }));
  if (name === undefined) {
    const global = { value: "--version", doc: "print the version of luakit" };
    return { prefix: "", candidates: [...commands, ...(current.startsWith("-") ? [help, global] : [])] };
  }
  if (name === "help") return words.length === 0 ? { prefix: "", candidates: commands } : nothing;
  const command = await catalog.load(name);
  if (command === undefined) return nothing;
  const line = readLine(command, words, current);
  const { place } = line;
  if (place.kind === "flag") return { prefix: "", candidates: flags(command, line) };
  if (place.kind === "operand") return suggestOperand(command, place.before);
  const text = current.slice(place.prefix.length);
  const facts = scriptFacts(command, line.complete, terminal);
  const found = await suggestValue(place.name, place.flag, { text, facts, terminal });
  return { ...found, prefix: place.prefix + found.prefix };
}

const help = { value: "--help", doc: "print help" };

/** The flags that can still be given. */
function flags(command: Command, { given }: Line): Suggestions["candidates"] {
  const open = Object.entries(command.flags).filter(
    ([name, { hidden, repeatable }]) => !hidden && (repeatable || !given.has(name)),
  );
  return [...open.map(([name, { doc }]) => ({ value: `--${name}`, doc })), help];
}
