import { addUp, type CacheRecord, readDiskUsage } from "../client/disk-usage.ts";
import { parseUsageFilter } from "../client/usage-filter.ts";
import { formatBytes } from "../progress/format.ts";
import { describeRecord, recordColumns, recordRow, recordToJson } from "./cache-records.ts";
import { type Command, flagValue, flagValues, isFlagSet } from "./command.ts";
import { connectFlags, withDaemon } from "./daemon-flags.ts";
import { printJson } from "./print-json.ts";
import { formatFields, formatTable } from "./table.ts";

export const du: Command = {
  name: "du",
  summary: "Show what a BuildKit daemon's cache holds, and how much of the disk it needs.",
  operands: "",
  maxOperands: 0,
  flags: {
    filter: {
      type: "string",
      short: "f",
      value: "FILTER",
      repeatable: true,
      doc: "only records that match all: type=regular, id=abc, description~=apt, until=24h, shared, inuse, mutable",
    },
    verbose: { type: "boolean", short: "v", doc: "every field of each record" },
    format: { type: "string", choices: ["table", "json"], value: "FORMAT", doc: "what to print, by default table" },
    ...connectFlags,
  },
  examples: [
    { command: "luakit du", doc: "The biggest records first, and totals" },
    { command: "luakit du --filter type=exec.cachemount -v", doc: "All about the cache mounts" },
    { command: "luakit du --format json | jq .totals.reclaimable", doc: "Bytes that luakit prune could free" },
  ],
  run: (input, terminal) => {
    const filter = parseUsageFilter(flagValues(input, "filter"));
    return withDaemon(input, terminal, async ({ channel }) => {
      const records = await readDiskUsage(channel, filter);
      if (flagValue(input, "format") === "json") terminal.out(formatJson(records));
      else terminal.out(formatRecords(records, isFlagSet(input, "verbose"), terminal.outIsTerminal()));
      return 0;
    });
  },
};

function formatRecords(records: readonly CacheRecord[], verbose: boolean, short: boolean): string {
  const now = Date.now();
  const rows = records.map((record) => recordRow(record, now, short));
  const listed = verbose ? records.map(describeRecord).join("\n") : formatTable(recordColumns, rows);
  return `${records.length === 0 ? "" : `${listed}\n`}${formatTotals(records)}`;
}

function formatTotals(records: readonly CacheRecord[]): string {
  const { total, reclaimable, shared, private: own } = addUp(records);
  const size = (bytes: number) => formatBytes(bytes, 2);
  return formatFields([
    ["Shared", shared > 0 ? size(shared) : undefined],
    ["Private", shared > 0 ? size(own) : undefined],
    ["Reclaimable", size(reclaimable)],
    ["Total", size(total)],
  ]);
}

function formatJson(records: readonly CacheRecord[]): string {
  return printJson({ records: records.map(recordToJson), totals: addUp(records) });
}
