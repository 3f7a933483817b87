import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type BuildHistoryRecord, Control } from "../gen/control.ts";
import { headerValue } from "../h2/header-list.ts";
import type { Channel } from "../rpc/channel.ts";
import { statusCode, statusOf } from "../rpc/status.ts";
import { type BuildRecord, readBuildRecord } from "./build-record.ts";
import { type HistoryFilter, matchesAll } from "./history-filter.ts";

export interface HistoryQuery {
  readonly filters?: readonly HistoryFilter[];
  /** At most this many, the newest. */
  readonly limit?: number | undefined;
}

/** The builds that a daemon remembers, running ones and then the newest first, and what time it is there. */
export interface BuildHistory {
  readonly records: readonly BuildRecord[];
  /** Milliseconds since 1970 by the daemon's clock, or ours when it does not tell. */
  readonly now: number;
}

/** Lists builds. Throws `daemon.old` when the daemon keeps no history. */
export async function listBuilds(channel: Channel, { filters = [], limit }: HistoryQuery = {}): Promise<BuildHistory> {
  let now = Date.now();
  const found = new Map<string, BuildHistoryRecord>();
  const events = channel.stream(
    Control.ListenBuildHistory,
    { EarlyExit: true },
    { onHeaders: (headers) => (now = Date.parse(headerValue(headers, "buildkit-current-timestamp") ?? "") || now) },
  );
  try {
    for await (const { type, record } of events)
      if (record !== undefined && type !== deleted) found.set(record.Ref, record);
  } catch (error) {
    throw explainOld(error);
  }
  const records = [...found.values()].map(readBuildRecord).sort(byTime);
  const chosen = records.filter((record) => matchesAll(record, filters, now));
  return { records: limit === undefined ? chosen : chosen.slice(0, limit), now };
}

/**
 * The build that `name` means: its ref, the beginning of one, `builder/node/ref` as buildx prints it, `^1` for the one
 * before the newest; the newest without a name. Throws `history.missing`.
 */
export async function findBuild(channel: Channel, name: string | undefined): Promise<BuildRecord> {
  const { records } = await listBuilds(channel);
  const found = chooseBuild(records, name ?? "^0");
  if (found !== undefined) return found;
  const what = records.length === 0 ? "the daemon remembers no builds" : `the daemon remembers no build "${name}"`;
  throw new LuakitError("history.missing", what, { hint: records.length === 0 ? undefined : "luakit history ls" });
}

/** Forgets a build. Throws `history.missing`. */
export async function removeBuild(channel: Channel, ref: string): Promise<void> {
  await channel.unary(Control.UpdateBuildHistory, { Ref: ref, Delete: true });
}

const deleted = 2;

function chooseBuild(records: readonly BuildRecord[], name: string): BuildRecord | undefined {
  const offset = /^\^(\d*)$/.exec(name)?.[1];
  if (offset !== undefined) return records[Number(offset || 1)];
  const ref = name.split("/").at(-1) ?? name;
  const exact = records.find((record) => record.ref === ref);
  if (exact !== undefined || ref === "") return exact;
  const matching = records.filter((record) => record.ref.startsWith(ref));
  if (matching.length <= 1) return matching[0];
  const refs = matching.map((record) => record.ref).join(", ");
  throw new LuakitError("history.missing", `"${name}" is the beginning of ${matching.length} builds: ${refs}`);
}

function byTime(a: BuildRecord, b: BuildRecord): number {
  const running = Number(b.status === "running") - Number(a.status === "running");
  return running || (b.createdAt ?? 0) - (a.createdAt ?? 0);
}

function explainOld(error: unknown): unknown {
  if (statusOf(error)?.code !== statusCode.unimplemented) return error;
  return new LuakitError("daemon.old", "this daemon keeps no history of builds: BuildKit v0.11 does", { cause: error });
}
