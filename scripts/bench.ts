import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../test/bench/machine.ts";
import { measure } from "../test/bench/measure.ts";
import { renderPage } from "../test/bench/page.ts";
import type { BenchRecord, Row } from "../test/bench/record.ts";
import { formatRow, rowHead } from "../test/bench/row-text.ts";
import { openSuite, type PartName, partNames, type Suite } from "../test/bench/suite.ts";
import { toolVersions } from "../test/bench/tool-versions.ts";
import { testbed } from "../test/support/testbed.ts";
import { run, say, tryRun } from "./say.ts";

const usage = `npm run bench [PART...] [-- [PART...] --rounds N --write]
  PART        ${partNames.join(", ")}; default: all
  --rounds N  at most so many rounds of a row, to try it
  --write     write docs/performance.md and docs/performance.json, which then have these parts`;

const { goLuakit, goGateway } = { goLuakit: process.env.LUAKIT_GO, goGateway: process.env.LUAKIT_GO_GATEWAY };
const options = readOptions();
const date = new Date().toISOString().slice(0, 16).replace("T", " ");
const machine = describeMachine();
const failures: string[] = [];
const rows: Row[] = [];

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "1000" }, write: { type: "boolean", default: false } },
  });
  const chosen = partNames.filter((name) => positionals.length === 0 || positionals.includes(name));
  const unknown = positionals.filter((word) => !partNames.some((name) => name === word));
  const rounds = Number(values.rounds);
  if (unknown.length > 0 || !(rounds >= 1)) {
    process.stderr.write(`${usage}\n`);
    process.exit(2);
  }
  return { chosen, rounds, isWritten: values.write };
}

/** Measures the rows of one part; one that fails is told, and the others are measured all the same. */
async function measurePart(suite: Suite, name: PartName): Promise<void> {
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      say(`FAILED: ${what}: ${error instanceof Error ? error.message : error}`);
      failures.push(what);
    }
  };
  await attempt(name, async () => {
    for (const part of await suite.parts(name)) {
      await attempt(name, async () => {
        for await (const one of part) {
          say(`${elapsed()} ${one.name}`);
          await attempt(one.name, async () => {
            rows.push(await measure(one, options.rounds));
          });
        }
      });
    }
  });
}

function elapsed(): string {
  const seconds = Math.round((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function missing(hasDaemon: boolean): string[] {
  const lack = [
    hasDaemon ? [] : ["There was no testbed: rows that need a daemon are left out."],
    goLuakit === undefined ? ["The Go luakit was not at hand: `LUAKIT_GO=PATH` names its executable."] : [],
    goGateway === undefined ? ["The Go luakit's gateway was not at hand: `LUAKIT_GO_GATEWAY=PATH` names it."] : [],
  ];
  return lack.flat();
}

function commandLine(): string {
  const variables = { LUAKIT_GO: goLuakit, LUAKIT_GO_GATEWAY: goGateway };
  const set = Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=PATH `]));
  const rounds = options.rounds === 1000 ? "" : ` --rounds ${options.rounds}`;
  const parts = options.chosen.length === partNames.length ? "" : ` ${options.chosen.join(" ")}`;
  return `${set.join("")}npm run bench${parts} -- --write${rounds}`;
}

run(process.execPath, "scripts/build.ts");
if (options.chosen.includes("gateway")) run(process.execPath, "scripts/build.ts", "linux/amd64");
const isUp = tryRun(process.execPath, "scripts/testbed.ts", "up", "--with", "buildx") === 0;
const bed = isUp ? testbed() : undefined;
const suite = await openSuite({ bed, goLuakit, goGateway });
const start = performance.now();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void suite.close().finally(() => process.exit(130)));
}
let record: BenchRecord;
try {
  for (const name of options.chosen) await measurePart(suite, name);
  const tools = await toolVersions(suite.bench, bed);
  const minutes = Math.round((performance.now() - start) / 60_000);
  record = { command: commandLine(), date, minutes, machine, tools, missing: missing(isUp), rows };
} finally {
  await suite.close();
}
process.stdout.write(`${[rowHead, ...rows.map(formatRow), ...record.missing].join("\n")}\n`);
say(`${rows.length} rows in ${elapsed()}`);
for (const what of failures) say(`FAILED: ${what}`);
if (failures.length === 0 && options.isWritten) {
  writeFileSync("docs/performance.json", `${JSON.stringify(record, null, 1)}\n`);
  writeFileSync("docs/performance.md", renderPage(record));
  say("wrote docs/performance.md");
}
process.exit(failures.length === 0 ? 0 : 1);
