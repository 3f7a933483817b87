import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Progress } from "../progress/progress.ts";
import { openAuthRecord } from "../session/auth-refusal.ts";
import { type BuildSource, build } from "./build.ts";
import type { BuildRequest } from "./build-request.ts";
import type { Connection } from "./connect.ts";
import type { DaemonTraits } from "./daemon-traits.ts";
import { dockerConfigDirectory } from "./docker-context.ts";
import { FailedVertices } from "./failed-vertex.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { newId } from "./id.ts";
import { lateFiles } from "./late-files.ts";
import type { Layouts } from "./layouts.ts";
import { openOutputs } from "./open-outputs.ts";
import { describeExports } from "./planned-export.ts";
import { pushFromEngine } from "./push-from-engine.ts";
import { writeRefFile } from "./result-files.ts";
import { sessionServices, withDockerfile } from "./session-services.ts";
import { planSolve } from "./solve-request.ts";

export interface RunOptions {
  readonly host: HostEnvironment;
  readonly progress: Pick<Progress, "update" | "clientVertex" | "drained"> & Partial<Pick<Progress, "settle">>;
  readonly signal: AbortSignal;
  /** Aborts when the process ends at once. */
  readonly lastCall: AbortSignal;
  /** What the daemon can do, as soon as it has said so. */
  readonly traits: Promise<DaemonTraits>;
  /** What makes the result. Rejects when there is nothing to build. */
  readonly run: (traits: DaemonTraits) => Promise<BuildSource>;
  readonly warn: (text: string) => void;
  /** Names the build at the daemon; default: a new id. */
  readonly ref?: string | undefined;
  /** Awaited when the daemon is done, before outputs count. When it rejects the build has failed. */
  readonly settled?: (() => Promise<void>) | undefined;
  /** Puts an error at the line that made a vertex, by its digest. */
  readonly locate?: ((error: LuakitError, vertex: string) => LuakitError) | undefined;
}

/**
 * Does what the command line asks for on a connected daemon, and gives what the exporters said. A build that fails, or is
 * interrupted, leaves nothing half written. Throws "build.failed" at the script's line, and the errors of the daemon.
 */
export async function runRequest(
  connection: Connection,
  request: BuildRequest,
  options: RunOptions,
): Promise<Readonly<Record<string, string>>> {
  const { host, progress, signal, lastCall } = options;
  const [traits, layouts, loadAs] = await Promise.all([
    options.traits,
    openLayouts(request),
    findLoadForm(request, connection, host, signal),
  ]);
  const source = await options.run(traits);
  const planned = planSolve(request, traits, { cacheImports: layouts.cacheImports, loadAs });
  for (const warning of [...request.warnings, ...layouts.warnings, ...planned.warnings]) options.warn(warning);
  const outputs = await openOutputs(planned.exports, { host, progress, signal });
  const discard = () => {
    outputs.discard();
    layouts.discard();
  };
  lastCall.addEventListener("abort", discard);
  const authRecord = openAuthRecord();
  const failed = new FailedVertices();
  const unsent: LuakitError[] = [];
  try {
    const { stores } = layouts;
    // The daemon only hears that the transfer ended.
    const onFailure = (error: LuakitError) => void unsent.push(error);
    const files = lateFiles(withDockerfile(request.locals), { onFailure });
    const session = { host, authRecord, files: files.service, stores, progress, signal };
    const services = await sessionServices(request, session);
    const ref = options.ref ?? newId();
    // Before the build: whatever ends it, its name is known.
    writeRefFile(request.files, ref);
    const { response } = await build(connection.channel, {
      ...planned,
      ref,
      services: [...services, ...outputs.services],
      signal,
      onStatus: (status) => {
        failed.see(status);
        progress.update(status);
        return progress.drained();
      },
      onStatusEnd: () => progress.settle?.(),
      whileWaiting: files.rehearse,
      source,
    });
    await options.settled?.();
    await layouts.finish(response);
    const told = await pushFromEngine(planned.exports, response, connection, { host, progress, signal });
    signal.throwIfAborted();
    outputs.commit();
    return describeExports(planned.exports, told);
  } catch (error) {
    discard();
    const { explainFailure } = await import("./build-error.ts");
    const failure = explainFailure(outputs.failure() ?? error, authRecord, dockerConfigDirectory(host));
    throw placed(inOurWords(failure, unsent), failed, options.locate);
  } finally {
    lastCall.removeEventListener("abort", discard);
  }
}

/** What only some builds need is loaded for those. */
async function openLayouts(request: BuildRequest): Promise<Layouts> {
  const { ociLayouts, cacheImports, cacheExports, outputs } = request;
  const isUsed =
    ociLayouts.length > 0 ||
    [...cacheImports, ...cacheExports].some(({ path }) => path !== undefined) ||
    outputs.some(({ destination }) => destination.kind === "layout");
  if (isUsed) return (await import("./layouts.ts")).openLayouts(request);
  return { stores: new Map(), cacheImports, warnings: [], finish: async () => {}, discard: () => {} };
}

async function findLoadForm(
  { outputs }: BuildRequest,
  { kind }: Connection,
  host: HostEnvironment,
  signal: AbortSignal,
) {
  if (!outputs.some(({ destination }) => destination.kind === "load")) return undefined;
  return (await import("./load-form.ts")).findLoadForm({ outputs }, kind, host, signal);
}

/** A file that could not be sent: the daemon repeats what it was told, without the hint. */
function inOurWords(failure: unknown, unsent: readonly LuakitError[]): unknown {
  if (!(failure instanceof LuakitError)) return failure;
  const own = unsent.find(({ message }) => failure.message.includes(message));
  if (own === undefined) return failure;
  const { position, callers, cause } = failure;
  return new LuakitError(failure.code, own.message, { position, callers, cause, hint: own.hint });
}

/** Docker Engines of before v23 do not say where a step that fails was made, but which one it is. */
function placed(failure: unknown, failed: FailedVertices, locate: RunOptions["locate"]): unknown {
  if (!(failure instanceof LuakitError) || failure.code !== "build.failed" || failure.position !== undefined) {
    return failure;
  }
  const vertex = failed.find(failure.message);
  return vertex === undefined ? failure : (locate?.(failure, vertex) ?? failure);
}
