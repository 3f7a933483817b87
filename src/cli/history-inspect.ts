import type { Attachment, BuildRecord } from "../client/build-record.ts";
import { findBuild } from "../client/history.ts";
import { type BuildError, readBuildError } from "../client/history-error.ts";
import { listAttachments, readAttachment } from "../client/history-results.ts";
import { printExcerpt } from "../diagnostic/excerpt.ts";
import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { formatBytes, formatElapsed } from "../progress/format.ts";
import { oneLine, stripControls } from "../progress/harmless.ts";
import type { Channel } from "../rpc/channel.ts";
import { nameOfBuild, recordToJson } from "./build-records.ts";
import { flagValue, type Input } from "./command.ts";
import { withDaemon } from "./daemon-flags.ts";
import { formatTime } from "./human-time.ts";
import { printJson } from "./print-json.ts";
import { formatFields, formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** `luakit history inspect [REF]` */
export function inspect(input: Input, [name]: readonly string[], terminal: Terminal): Promise<number> {
  return withDaemon(input, terminal, async ({ channel }) => {
    const record = await findBuild(channel, name);
    const attachments = await listAttachments(channel, record);
    const wanted = flagValue(input, "attachment");
    if (wanted !== undefined) return printAttachment(channel, attachments, wanted, terminal);
    const error = await readBuildError(channel, record);
    if (flagValue(input, "format") === "json") {
      terminal.out(printJson({ ...recordToJson(record), results: attachments, error }));
    } else terminal.out(describe(record, attachments, error));
    return 0;
  });
}

async function printAttachment(
  channel: Channel,
  attachments: readonly Attachment[],
  wanted: string,
  terminal: Terminal,
): Promise<number> {
  const matching = attachments.filter(({ type, digest }) => type === wanted || digest === wanted);
  if (matching.length === 0) {
    const types = [...new Set(attachments.map(({ type }) => type))];
    const hint = types.length === 0 ? "the daemon keeps nothing of this build" : `there are: ${types.join(", ")}`;
    throw new LuakitError("history.missing", `the build has no attachment "${wanted}"`, { hint });
  }
  for (const attachment of matching) terminal.out(await readAttachment(channel, attachment));
  return 0;
}

function describe(record: BuildRecord, attachments: readonly Attachment[], error: BuildError | undefined): string {
  const parts = [describeRecord(record), ...describeAttributes(record)];
  const response = plainPairs(record.response);
  if (response.length > 0) parts.push(section("Response", formatFields(response)));
  if (attachments.length > 0) parts.push(section("Results", tabulate(attachments)));
  if (error !== undefined) parts.push(section("Error", describeError(error)));
  return parts.join("\n");
}

function describeRecord(record: BuildRecord): string {
  const { steps, createdAt, completedAt } = record;
  const took = createdAt === undefined || completedAt === undefined ? undefined : completedAt - createdAt;
  return formatFields([
    ["Ref", record.ref],
    ["Name", nameOfBuild(record)],
    ["Status", `${record.status}${record.pinned ? ", pinned" : ""}`],
    ["Started", formatTime(createdAt)],
    ["Took", took === undefined ? undefined : formatElapsed(took)],
    ["Steps", `${steps.completed} of ${steps.total}, ${steps.cached} cached`],
    ["Warnings", record.warnings > 0 ? String(record.warnings) : undefined],
    ["Frontend", record.frontend],
    ["Exporters", record.exporters.map(describeExporter).join("\n")],
  ]);
}

function describeExporter({ type, attributes }: BuildRecord["exporters"][number]): string {
  return [type, ...Object.entries(attributes).map((pair) => pair.join("="))].join(" ");
}

function describeAttributes({ attributes }: BuildRecord): string[] {
  const shown = plainPairs(attributes);
  return shown.length === 0 ? [] : [section("Options", formatFields(shown))];
}

/** What programs tell each other, JSON above all, says nothing to people; --format json has it. */
function plainPairs(values: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(values)
    .filter(([name, value]) => !technical.includes(name) && !/^[[{]/.test(value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, oneLine(value)]);
}

const technical = ["frontend.caps", "containerimage.descriptor"];

function tabulate(attachments: readonly Attachment[]): string {
  const titles = ["TYPE", "PLATFORM", "SIZE", "DIGEST"];
  return formatTable(
    titles.map((title) => ({ title, align: title === "SIZE" ? "right" : "left" })),
    attachments.map(({ type, platform, size, digest }) => [type, platform ?? "", formatBytes(size, 2), digest]),
  );
}

function describeError({ message, step, logs, sources }: BuildError): string {
  const lines = [stripControls(message)];
  for (const source of apart(sources)) lines.push("", `${source.file}:${source.line}`, ...printExcerpt(source));
  if (logs.length > 0) lines.push("", `${oneLine(step ?? "")}:`, ...logs.map((line) => `  ${stripControls(line)}`));
  return lines.map((line) => `${line}\n`).join("");
}

/** Without the places that the excerpt of the one before shows. */
function apart(sources: readonly Position[]): readonly Position[] {
  const shown: Position[] = [];
  for (const source of sources) {
    const last = shown.at(-1);
    if (last === undefined || last.file !== source.file || Math.abs(source.line - last.line) > 2) shown.push(source);
  }
  return shown;
}

function section(title: string, body: string): string {
  return `${title}:\n${body.replace(/^(?=.)/gm, "  ")}`;
}
