import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { compileLua } from "../lua/glue.ts";
import type { Command } from "./command.ts";
import { parseInput } from "./parse.ts";
import type { Terminal } from "./terminal.ts";

interface Entry {
  readonly summary: string;
  /** The command runs a script, so Lua is made ready while the command loads. */
  readonly needsLua?: true;
  readonly load: () => Promise<Command>;
}

/** Every command; each is loaded only when it runs. */
const entries: Readonly<Record<string, Entry>> = {
  build: {
    summary: "turn a script into a BuildKit build",
    needsLua: true,
    load: async () => (await import("./build.ts")).build,
  },
  solve: {
    summary: "build a ready Definition on a BuildKit daemon",
    load: async () => (await import("./solve.ts")).solve,
  },
  validate: {
    summary: "check scripts without a daemon",
    needsLua: true,
    load: async () => (await import("./validate.ts")).validate,
  },
  test: { summary: "run the tests of scripts", load: async () => (await import("./test.ts")).test },
  dag: {
    summary: "show the graph of a build",
    needsLua: true,
    load: async () => (await import("./dag.ts")).dag,
  },
  config: {
    summary: "print the image config of a build",
    needsLua: true,
    load: async () => (await import("./config.ts")).config,
  },
  outline: {
    summary: "show what a target takes: arguments, secrets, ssh agents",
    needsLua: true,
    load: async () => (await import("./outline.ts")).outline,
  },
  targets: {
    summary: "list the targets of a script",
    needsLua: true,
    load: async () => (await import("./targets.ts")).targets,
  },
  fmt: { summary: "format scripts", load: async () => (await import("./fmt.ts")).fmt },
  init: {
    summary: "write a build script for a folder, and what editors need",
    load: async () => (await import("./init.ts")).init,
  },
  types: {
    summary: "print definitions of the API for editors",
    load: async () => (await import("./types.ts")).types,
  },
  convert: {
    summary: "write a script that builds what a Dockerfile builds",
    load: async () => (await import("./convert.ts")).convert,
  },
  workers: { summary: "list a daemon's workers", load: async () => (await import("./workers.ts")).workers },
  info: { summary: "show which daemon is used, and its version", load: async () => (await import("./info.ts")).info },
  du: { summary: "show what a daemon's cache holds", load: async () => (await import("./du.ts")).du },
  prune: {
    summary: "remove what is not used from a daemon's cache",
    load: async () => (await import("./prune.ts")).prune,
  },
  history: {
    summary: "show what a daemon remembers of its builds",
    load: async () => (await import("./history.ts")).history,
  },
  gateway: { summary: "serve a build inside BuildKit", load: async () => (await import("./gateway.ts")).gateway },
  completion: {
    summary: "print the script that completes commands in a shell",
    load: async () => (await import("./completion.ts")).completion,
  },
  version: {
    summary: "print the version of luakit",
    load: async () => (await import("./version.ts")).version,
  },
};

/** Runs the command that `words` name and gives the exit status. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name = "--help", ...rest] = words;
  if (name === "__complete") return completeWord(rest, terminal);
  if (name === "--version") return runCommand(["version", ...rest], terminal);
  if (name === "--help" || name === "-h" || name === "help") return help(rest, terminal);
  if (asksForHelp(rest)) return help([name], terminal);
  const entry = findEntry(name);
  const lua = entry.needsLua ? compileLua() : undefined;
  const command = await entry.load();
  return command.run(parseInput(command, rest), { ...terminal, lua });
}

/** For the completion scripts of shells; no command that people type. */
async function completeWord(line: readonly string[], terminal: Terminal): Promise<number> {
  const { complete } = await import("./completion/complete.ts");
  const summaries = Object.entries(entries).map(([name, { summary }]) => [name, summary] as const);
  const load = (name: string) => (Object.hasOwn(entries, name) ? entries[name]?.load() : undefined);
  return complete(line, terminal, { summaries, load });
}

/** Every command, loaded, for documentation and completion. */
export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(entries).map((entry) => entry.load()));
}

async function help(names: readonly string[], terminal: Terminal): Promise<number> {
  const { printHelp, printOverview } = await import("./help.ts");
  const [name] = names;
  if (name === undefined) {
    terminal.out(printOverview(Object.entries(entries).map(([known, entry]) => [known, entry.summary] as const)));
  } else terminal.out(printHelp(await findEntry(name).load()));
  return 0;
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const flags = end < 0 ? words : words.slice(0, end);
  return flags.includes("--help") || flags.includes("-h");
}

function findEntry(name: string): Entry {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry !== undefined) return entry;
  const hint = name.endsWith(".lua") ? `luakit build ${name}` : "luakit --help lists the commands";
  throw new LuakitError("usage", `unknown command "${name}"${didYouMean(name, Object.keys(entries))}`, { hint });
}
