import type { GcRule, Worker } from "../client/workers.ts";
import { listWorkers } from "../client/workers.ts";
import { formatPlatform } from "../oci/platform.ts";
import { formatBytes, formatElapsed } from "../progress/format.ts";
import { type Command, flagValue, flagValues, isFlagSet } from "./command.ts";
import { connectFlags, withDaemon } from "./daemon-flags.ts";
import { printJson } from "./print-json.ts";
import { formatFields, formatTable } from "./table.ts";

const labelPrefix = "org.mobyproject.buildkit.worker.";

export const workers: Command = {
  name: "workers",
  summary: "List the workers of a BuildKit daemon: what they build for, how they store and run it.",
  operands: "",
  maxOperands: 0,
  flags: {
    filter: {
      type: "string",
      short: "f",
      value: "FILTER",
      repeatable: true,
      doc: 'only workers that match, in containerd\'s syntax: id==x, labels."name"==value; several: any of them',
    },
    verbose: { type: "boolean", short: "v", doc: "also labels, devices and the rules of garbage collection" },
    format: { type: "string", choices: ["table", "json"], value: "FORMAT", doc: "what to print, by default table" },
    ...connectFlags,
  },
  examples: [
    { command: "luakit workers", doc: "Of the daemon that luakit build --solve would use" },
    { command: "luakit workers --addr tcp://builder:1234 -v", doc: "Everything about another daemon's workers" },
    { command: "luakit workers --format json | jq '.[0].platforms'", doc: "For scripts" },
  ],
  run: (input, terminal) =>
    withDaemon(input, terminal, async ({ channel }) => {
      const found = await listWorkers(channel, flagValues(input, "filter"));
      if (flagValue(input, "format") === "json") terminal.out(printJson(found.map(toJson)));
      else if (isFlagSet(input, "verbose")) terminal.out(found.map(describeWorker).join("\n"));
      else terminal.out(tabulate(found));
      return 0;
    }),
};

function tabulate(found: readonly Worker[]): string {
  const rows = found.map((worker) => [
    worker.id,
    worker.buildkit.version,
    label(worker, "snapshotter"),
    worker.platforms.map(formatPlatform).join(", "),
  ]);
  return formatTable([{ title: "ID" }, { title: "BUILDKIT" }, { title: "SNAPSHOTTER" }, { title: "PLATFORMS" }], rows);
}

function label(worker: Worker, name: string): string {
  return worker.labels[labelPrefix + name] ?? "";
}

function describeWorker(worker: Worker): string {
  const { buildkit, labels, devices, gcPolicy } = worker;
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return formatFields([
    ["ID", worker.id],
    ["BuildKit", [buildkit.version, buildkit.package, buildkit.revision].filter(Boolean).join(" ")],
    ["Dockerfile", buildkit.dockerfile],
    ["Platforms", worker.platforms.map(formatPlatform).join("\n")],
    ["Labels", sorted.map(([name, value]) => `${name}=${value}`).join("\n")],
    ["Devices", devices.map(({ name, autoAllow }) => `${name}${autoAllow ? "" : " (must be allowed)"}`).join("\n")],
    ["GC rules", gcPolicy.map((rule, index) => `${index + 1}. ${describeRule(rule)}`).join("\n")],
  ]);
}

function describeRule(rule: GcRule): string {
  const parts = [
    rule.all ? "all records" : "records that builds made",
    ...rule.filters.map((filter) => `with ${filter}`),
    rule.keepSeconds > 0 && `unused for ${formatElapsed(rule.keepSeconds * 1000)}`,
    rule.reservedSpace > 0 && `keep ${formatBytes(rule.reservedSpace, 1)}`,
    rule.maxUsedSpace > 0 && `at most ${formatBytes(rule.maxUsedSpace, 1)}`,
    rule.minFreeSpace > 0 && `leave ${formatBytes(rule.minFreeSpace, 1)} free`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

function toJson(worker: Worker): object {
  return { ...worker, platforms: worker.platforms.map(formatPlatform) };
}
