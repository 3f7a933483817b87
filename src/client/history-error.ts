import type { Position } from "../diagnostic/luakit-error.ts";
import { Status } from "../gen/rpc-status.ts";
import type { Channel } from "../rpc/channel.ts";
import type { BuildRecord } from "./build-record.ts";
import { readWholeContent } from "./content-blob.ts";
import { readErrorDetails } from "./error-details.ts";
import { readBuildLogs } from "./history-logs.ts";

/** Why a build failed, with all that the daemon kept of it. */
export interface BuildError {
  readonly code: number;
  readonly message: string;
  /** The places in scripts that made the step that failed. */
  readonly sources: readonly Position[];
  /** The name of that step. */
  readonly step: string | undefined;
  /** Its last lines. */
  readonly logs: readonly string[];
}

const shownLines = 20;
const keptBytes = 64 * 1024;

/** Undefined when the build did not fail. */
export async function readBuildError(channel: Channel, record: BuildRecord): Promise<BuildError | undefined> {
  const { error, externalError } = record;
  if (error === undefined) return undefined;
  if (externalError === undefined) return { ...error, sources: [], step: undefined, logs: [] };
  const { code, message, details } = Status.decode(await readWholeContent(channel, externalError.digest));
  const { vertex, sources } = readErrorDetails(details.map(({ type_url, value }) => ({ type: type_url, value })));
  const said = vertex === undefined ? { step: undefined, logs: [] } : await lastWords(channel, record, vertex);
  return { code, message, sources, ...said };
}

/** The last lines that a step printed. */
async function lastWords(
  channel: Channel,
  record: BuildRecord,
  vertex: string,
): Promise<{ readonly step: string | undefined; readonly logs: readonly string[] }> {
  let step: string | undefined;
  let text = Buffer.alloc(0);
  for await (const { vertexes, logs } of readBuildLogs(channel, record)) {
    step = vertexes.find(({ digest }) => digest === vertex)?.name ?? step;
    for (const { vertex: of, msg } of logs) {
      if (of === vertex) text = Buffer.concat([text, msg]).subarray(-keptBytes);
    }
  }
  const lines = text.toString().trimEnd().split(/\r?\n/);
  return { step, logs: lines.slice(-shownLines).filter((line, index) => index > 0 || line !== "") };
}
