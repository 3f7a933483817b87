import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { type Command, type Flag, type Input, isFlagSet } from "./command.ts";
import { connectFlags } from "./daemon-flags.ts";
import type { Terminal } from "./terminal.ts";

/** What `luakit history` can do, with the flags that belong to it. */
interface Action {
  readonly flags: readonly (keyof typeof ownFlags)[];
  /** The most builds that it takes. */
  readonly maxOperands: number;
  readonly load: () => Promise<(input: Input, names: readonly string[], terminal: Terminal) => Promise<number>>;
}

const ownFlags = {
  filter: {
    type: "string",
    short: "f",
    value: "FILTER",
    repeatable: true,
    doc: "ls: builds that match all: status=error, ref=abc, repository=name, startedAt>24h, duration>30s",
  },
  limit: { type: "string", short: "n", value: "NUMBER", doc: "ls: at most this many, the newest" },
  format: { type: "string", choices: ["text", "json"], value: "FORMAT", doc: "ls, inspect: what to print" },
  progress: {
    type: "string",
    choices: ["plain", "rawjson"],
    value: "MODE",
    doc: "logs: how to print, by default plain",
  },
  attachment: {
    type: "string",
    value: "TYPE|DIGEST",
    doc: "inspect: print what the build made of this type, such as https://slsa.dev/provenance/v1",
  },
  all: { type: "boolean", doc: "rm: every build that has ended" },
} as const satisfies Record<string, Flag>;

const actions: Readonly<Record<string, Action>> = {
  ls: {
    flags: ["filter", "limit", "format"],
    maxOperands: 0,
    load: async () => (await import("./history-ls.ts")).list,
  },
  logs: { flags: ["progress"], maxOperands: 1, load: async () => (await import("./history-logs.ts")).printLogs },
  inspect: {
    flags: ["format", "attachment"],
    maxOperands: 1,
    load: async () => (await import("./history-inspect.ts")).inspect,
  },
  rm: {
    flags: ["all"],
    maxOperands: Number.POSITIVE_INFINITY,
    load: async () => (await import("./history-rm.ts")).remove,
  },
};

export const history: Command = {
  name: "history",
  summary: [
    "Show what a BuildKit daemon remembers of its builds, and make it forget them.",
    "",
    "REF is what ls shows, or its beginning; ^1 is the build before the newest. Without one",
    "the newest is meant.",
  ].join("\n"),
  operands: "[ls | logs [REF] | inspect [REF] | rm REF...|--all]",
  maxOperands: Number.POSITIVE_INFINITY,
  flags: { ...ownFlags, ...connectFlags },
  examples: [
    { command: "luakit history", doc: "The builds that the daemon remembers" },
    { command: "luakit history ls --filter status=error --limit 5", doc: "The last five that failed" },
    { command: "luakit history logs", doc: "What the newest build printed" },
    { command: "luakit history inspect ^1", doc: "All about the build before it: steps, errors, attestations" },
    { command: "luakit history inspect --attachment https://slsa.dev/provenance/v1", doc: "Its provenance, as JSON" },
    { command: "luakit history rm --all", doc: "Forget every build" },
  ],
  async run(input, terminal) {
    const [name = "ls", ...refs] = input.positionals;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) {
      const known = Object.keys(actions);
      throw usage(`unknown action "${name}"${didYouMean(name, known)}`, `one of: ${known.join(", ")}`);
    }
    checkAction(name, action, refs, input);
    return (await action.load())(input, refs, terminal);
  },
};

function checkAction(name: string, { flags, maxOperands }: Action, refs: readonly string[], input: Input): void {
  const known: readonly string[] = flags;
  const stray = Object.keys(ownFlags).find((flag) => isFlagSet(input, flag) && !known.includes(flag));
  if (stray !== undefined) throw usage(`--${stray} is not a flag of ${name}`);
  const extra = refs[maxOperands];
  if (extra !== undefined) throw usage(`unexpected argument "${extra}"`);
}

function usage(message: string, hint = "luakit history --help"): LuakitError {
  return new LuakitError("usage", `history: ${message}`, { hint });
}
