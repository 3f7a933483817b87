import { parseSize } from "../api/kinds/size.ts";
import type { Connection } from "../client/connect.ts";
import type { CacheRecord } from "../client/disk-usage.ts";
import { type PruneOptions, prune as pruneCache } from "../client/prune.ts";
import { parseAge, parseUsageFilter } from "../client/usage-filter.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatBytes } from "../progress/format.ts";
import { describeRecord, recordColumns, recordRow, recordToJson } from "./cache-records.ts";
import { type Command, type Flag, flagValue, flagValues, type Input, isFlagSet } from "./command.ts";
import { connectFlags, withDaemon } from "./daemon-flags.ts";
import { printJson } from "./print-json.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const keepFlags = {
  "keep-duration": { type: "string", value: "DURATION", doc: "keep what was used in this time: 24h" },
  "reserved-space": {
    type: "string",
    value: "SIZE",
    doc: "this much may always stay: 20GB; other name: --keep-storage",
  },
  "keep-storage": { type: "string", value: "SIZE", hidden: true, doc: "the same as --reserved-space" },
  "max-used-space": { type: "string", value: "SIZE", doc: "no more than this may stay; BuildKit v0.17" },
  "min-free-space": { type: "string", value: "SIZE", doc: "prune until this much of the disk is free; BuildKit v0.17" },
} as const satisfies Record<string, Flag>;

export const prune: Command = {
  name: "prune",
  summary: "Remove what builds do not use from a BuildKit daemon's cache.",
  operands: "",
  maxOperands: 0,
  flags: {
    all: { type: "boolean", short: "a", doc: "also records that the daemon and frontends keep for themselves" },
    filter: {
      type: "string",
      short: "f",
      value: "FILTER",
      repeatable: true,
      doc: "only records that match all: type=regular, id=abc, description~=apt, until=24h, shared, mutable",
    },
    ...keepFlags,
    verbose: { type: "boolean", short: "v", doc: "every field of each record" },
    format: { type: "string", choices: ["table", "json"], value: "FORMAT", doc: "what to print, by default table" },
    ...connectFlags,
  },
  examples: [
    { command: "luakit prune", doc: "Free all that can be freed" },
    { command: "luakit prune --keep-duration 72h --reserved-space 20GB", doc: "Only what is old, and keep 20GB" },
    { command: "luakit prune --filter type=exec.cachemount", doc: "Empty the cache mounts" },
  ],
  run: (input, terminal) => {
    const options = readOptions(input);
    const print = flagValue(input, "format") === "json" ? printAll : printRows;
    return withDaemon(input, terminal, (connection) => print(connection, options, input, terminal), { exact: true });
  },
};

/** Each record is shown as soon as it has gone. */
async function printRows(
  { channel }: Connection,
  options: PruneOptions,
  input: Input,
  terminal: Terminal,
): Promise<number> {
  const show = isFlagSet(input, "verbose") ? verboseLines() : tableLines(terminal.outIsTerminal());
  let total = 0;
  let count = 0;
  for await (const record of pruneCache(channel, options)) {
    terminal.out(show(record));
    total += record.size;
    count++;
  }
  const records = count === 1 ? "1 record" : `${count} records`;
  terminal.out(count === 0 ? "Nothing to prune\n" : `\nTotal  ${formatBytes(total, 2)} in ${records}\n`);
  return 0;
}

async function printAll({ channel }: Connection, options: PruneOptions, _: Input, terminal: Terminal): Promise<number> {
  const records: CacheRecord[] = [];
  for await (const record of pruneCache(channel, options)) records.push(record);
  const total = records.reduce((bytes, { size }) => bytes + size, 0);
  terminal.out(printJson({ records: records.map(recordToJson), total }));
  return 0;
}

/** Rows as wide as the widest values that records mostly have: the next ones are not known yet. */
function tableLines(short: boolean): (record: CacheRecord) => string {
  const usual = ["x".repeat(25), "999.99MB", "59 minutes ago", "source.git.checkout", "mutable, shared"];
  let first = true;
  return (record) => {
    const [titles = "", , row = ""] = formatTable(recordColumns, [usual, recordRow(record, Date.now(), short)]).split(
      "\n",
    );
    const lines = first ? [titles, row] : [row];
    first = false;
    return lines.map((line) => `${line}\n`).join("");
  };
}

function verboseLines(): (record: CacheRecord) => string {
  let first = true;
  return (record) => {
    const text = `${first ? "" : "\n"}${describeRecord(record)}`;
    first = false;
    return text;
  };
}

function readOptions(input: Input): PruneOptions {
  const filter = parseUsageFilter(flagValues(input, "filter"));
  const kept = flagValue(input, "keep-duration");
  if (kept !== undefined && filter.age !== undefined) {
    throw new LuakitError("usage", "--keep-duration and --filter until= mean the same; give one of them");
  }
  if (isFlagSet(input, "keep-storage") && isFlagSet(input, "reserved-space")) {
    throw new LuakitError("usage", "--keep-storage and --reserved-space mean the same; give one of them");
  }
  const reserved = isFlagSet(input, "keep-storage") ? "keep-storage" : "reserved-space";
  return {
    filter,
    all: isFlagSet(input, "all"),
    keepDuration: kept === undefined ? 0 : readValue("keep-duration", kept, parseAge),
    reservedSpace: readSize(input, reserved),
    maxUsedSpace: readSize(input, "max-used-space"),
    minFreeSpace: readSize(input, "min-free-space"),
  };
}

function readSize(input: Input, flag: string): number {
  const text = flagValue(input, flag);
  return text === undefined ? 0 : readValue(flag, text, parseSize);
}

function readValue(flag: string, text: string, parse: (text: string) => number): number {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError("usage", `--${flag}: ${error.message}`, { hint: error.hint, cause: error });
  }
}
