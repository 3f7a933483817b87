import type { BuildRecord } from "../client/build-record.ts";
import { type BuildHistory, listBuilds } from "../client/history.ts";
import { parseHistoryFilter } from "../client/history-filter.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatElapsed } from "../progress/format.ts";
import { oneLine } from "../progress/harmless.ts";
import { nameOfBuild, recordToJson } from "./build-records.ts";
import { flagValue, flagValues, type Input } from "./command.ts";
import { withDaemon } from "./daemon-flags.ts";
import { formatAge } from "./human-time.ts";
import { printJson } from "./print-json.ts";
import { formatTable, shorten } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** `luakit history ls` */
export function list(input: Input, _: readonly string[], terminal: Terminal): Promise<number> {
  const filters = flagValues(input, "filter").map(parseHistoryFilter);
  const limit = readLimit(flagValue(input, "limit"));
  return withDaemon(input, terminal, async ({ channel }) => {
    const history = await listBuilds(channel, { filters, limit });
    if (flagValue(input, "format") === "json") {
      terminal.out(printJson(history.records.map(recordToJson)));
    } else terminal.out(tabulate(history, terminal.outIsTerminal()));
    return 0;
  });
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new LuakitError("usage", `--limit: "${text}" is not a number above 0`);
}

function tabulate({ records, now }: BuildHistory, short: boolean): string {
  const named = records.some((record) => nameOfBuild(record) !== "");
  const titles = ["REF", ...(named ? ["NAME"] : []), "STATUS", "STARTED", "TOOK", "STEPS"];
  return formatTable(
    titles.map((title) => ({ title, align: title === "TOOK" ? "right" : "left" })),
    records.map((record) => [
      record.ref,
      ...(named ? [formatName(record, short)] : []),
      `${record.status}${record.pinned ? ", pinned" : ""}`,
      formatAge(record.createdAt, now),
      formatTook(record, now),
      formatSteps(record),
    ]),
  );
}

function formatName(record: BuildRecord, short: boolean): string {
  const name = oneLine(nameOfBuild(record));
  return short ? shorten(name, 36) : name;
}

function formatTook({ createdAt, completedAt }: BuildRecord, now: number): string {
  if (createdAt === undefined) return "";
  return completedAt === undefined ? `${formatElapsed(now - createdAt)}+` : formatElapsed(completedAt - createdAt);
}

function formatSteps({ steps }: BuildRecord): string {
  if (steps.total === 0) return "";
  const done = steps.completed === steps.total ? `${steps.total}` : `${steps.completed}/${steps.total}`;
  return steps.cached === 0 ? done : `${done}, ${steps.cached} cached`;
}
