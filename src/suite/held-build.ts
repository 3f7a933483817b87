import type { BuildRequest } from "../client/build-request.ts";
import type { Connection } from "../client/connect.ts";
import type { DaemonTraits } from "../client/daemon-traits.ts";
import type { HostEnvironment } from "../client/host-environment.ts";
import { newId } from "../client/id.ts";
import { runRequest } from "../client/run-request.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { StatusResponse } from "../gen/control.ts";
import { LLBBridge } from "../gen/gateway.ts";
import { silent } from "../progress/displays.ts";
import { openProgress } from "../progress/progress.ts";
import type { Metadata } from "../rpc/metadata.ts";
import { proxyOptions, proxySteps } from "../script/proxy-arguments.ts";
import { type SolveOptions, solveTargets } from "../script/solve.ts";
import type { VertexPlaces } from "../script/vertex-places.ts";
import type { Init, Method } from "../wire/codec.ts";
import { execProcess } from "./exec-process.ts";
import { toFileStat } from "./file-stat.ts";
import type { FileStat, RunOutcome, RunRequest, SolveRequest } from "./question.ts";

export interface HeldBuildOptions {
  readonly connection: Connection;
  readonly traits: DaemonTraits;
  readonly host: HostEnvironment;
  /** What the command line says of builds. */
  readonly request: BuildRequest;
  readonly signal: AbortSignal;
  /** Where vertices were made, for daemons that do not tell. */
  readonly places: VertexPlaces;
}

/** A build whose result stays at the daemon until it is released, so that its files can be looked at. */
export class HeldBuild {
  readonly #options: HeldBuildOptions;
  readonly #metadata: Metadata;
  readonly #released = Promise.withResolvers<void>();
  readonly #reference: string | undefined;
  /** The image config as JSON. */
  readonly config: Uint8Array | undefined;

  private constructor(
    options: HeldBuildOptions,
    built: { id: string; reference: string | undefined; config: Uint8Array | undefined; release: () => void },
  ) {
    this.#options = options;
    this.#metadata = metadataOf(built.id);
    this.#reference = built.reference;
    this.config = built.config;
    this.#released.promise.then(built.release);
  }

  /** Builds. Rejects with the build's error. */
  static async open(request: SolveRequest, options: HeldBuildOptions): Promise<HeldBuild> {
    const id = newId();
    const released = Promise.withResolvers<void>();
    const built = Promise.withResolvers<HeldBuild>();
    const run = async (gateway: Gateway) => {
      const result = await solveTargets(gateway, [request.target], solveOptions(request, options));
      const reference = result.reference?.id;
      if (reference !== undefined) await evaluate(gateway, reference, id, options);
      const config = result.metadata["containerimage.config"];
      built.resolve(new HeldBuild(options, { id, reference, config, release: released.resolve }));
      await released.promise;
      return result;
    };
    runHeld(request, options, id, run).then(
      () => built.reject(new LuakitError("build.failed", "the build ended before it could be looked at")),
      built.reject,
    );
    return built.promise;
  }

  release(): void {
    this.#released.resolve();
  }

  async read(path: string): Promise<Uint8Array> {
    const Ref = this.#expectReference(path);
    const { Data } = await this.#call(path, LLBBridge.ReadFile, { Ref, FilePath: path });
    return Data;
  }

  async stat(path: string): Promise<FileStat | undefined> {
    if (this.#reference === undefined) return undefined;
    try {
      const { stat } = await this.#call(path, LLBBridge.StatFile, { Ref: this.#reference, Path: path });
      return stat === undefined ? undefined : toFileStat(stat);
    } catch (error) {
      if (error instanceof LuakitError && error.code === "test.failed") return undefined;
      throw error;
    }
  }

  async list(path: string): Promise<readonly FileStat[]> {
    const Ref = this.#expectReference(path);
    const { entries } = await this.#call(path, LLBBridge.ReadDir, { Ref, DirPath: path });
    return entries.map(toFileStat).sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  run(request: RunRequest): Promise<RunOutcome> {
    const { connection, signal } = this.#options;
    const build = { channel: connection.channel, metadata: this.#metadata, signal };
    return execProcess(build, this.#expectReference(request.args[0] ?? ""), request);
  }

  #expectReference(what: string): string {
    if (this.#reference !== undefined) return this.#reference;
    throw new LuakitError("test.failed", `there is no "${what}": the build is empty`);
  }

  /** A call about a path; a daemon has no code for one that is not there. */
  async #call<I, O>(path: string, method: Method<I, O>, request: Init<I>): Promise<O> {
    const { connection, signal } = this.#options;
    try {
      return await connection.channel.unary(method, request, { metadata: this.#metadata, signal });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (/no such file|not found|does not exist/.test(text)) {
        throw new LuakitError("test.failed", `there is no "${path}" in what was built`, { cause: error });
      }
      throw error;
    }
  }
}

/** Builds what a reference stands for. Docker Engines of before v23 have no call for that: who looks into it needs it. */
async function evaluate(gateway: Gateway, Ref: string, id: string, options: HeldBuildOptions): Promise<void> {
  const { connection, signal } = options;
  try {
    await gateway.evaluate(Ref);
  } catch (error) {
    if (!(error instanceof LuakitError) || error.code !== "rpc.unimplemented") throw error;
    const call = { metadata: metadataOf(id), signal };
    await connection.channel.unary(LLBBridge.ReadDir, { Ref, DirPath: "/" }, call);
  }
}

/** What tells the daemon which build a call belongs to. */
function metadataOf(id: string): Metadata {
  return [["buildkit-controlapi-buildid", id]];
}

async function runHeld(
  request: SolveRequest,
  options: HeldBuildOptions,
  ref: string,
  run: (gateway: Gateway) => ReturnType<typeof solveTargets>,
): Promise<unknown> {
  const { connection, host, traits, signal } = options;
  const locals = new Map([...request.locals, ["context", request.context] as const]);
  const wanted: BuildRequest = {
    ...options.request,
    locals: [
      ...options.request.locals.filter(({ name }) => !locals.has(name)),
      ...[...locals].map(([name, path]) => ({ name, path })),
    ],
    secrets: [...request.secrets].map(([id, value]) => ({ id, value })),
    noCache: request.noCache,
    cacheOnly: true,
  };
  const progress = openSilence();
  const outcome = runRequest(connection, wanted, {
    host,
    progress,
    signal,
    lastCall: signal,
    traits: Promise.resolve(traits),
    run: async () => run,
    warn: () => undefined,
    ref,
    locate: options.places.locate.bind(options.places),
  });
  return outcome.catch((error) => {
    throw progress.withLog(error);
  });
}

function solveOptions(request: SolveRequest, { traits, places, request: given }: HeldBuildOptions): SolveOptions {
  return {
    index: false,
    noCache: request.noCache,
    entitlements: given.entitlements,
    resolve: true,
    resolveMode: given.offline || traits.kind === "docker" ? "local" : "default",
    steps: proxySteps(request.buildArguments),
    frontendOptions: proxyOptions(request.buildArguments),
    labels: new Map(),
    places,
  };
}

/** Progress that nobody sees; it knows the log of the step that failed. */
function openSilence() {
  const output = { write: () => undefined, columns: () => 80, rows: () => 24, isTerminal: false, color: false };
  const progress = openProgress(silent, output, { variables: {} });
  let failed: string | undefined;
  return {
    update: (status: StatusResponse) => {
      failed = status.vertexes.find(({ error }) => error !== "")?.digest ?? failed;
      progress.update(status);
    },
    clientVertex: progress.clientVertex,
    drained: progress.drained,
    /** The error, with the last lines that its step wrote. */
    withLog: (error: unknown): unknown => {
      const log = failed === undefined ? undefined : progress.failureLog(failed);
      if (!(error instanceof LuakitError) || error.code !== "build.failed" || log === undefined) return error;
      const { code, message, position, callers, hint, cause } = error;
      const lines = log.lines.map(({ text }) => `\n  ${text}`).join("");
      return new LuakitError(code, `${message}${lines}`, { position, callers, hint, cause });
    },
  };
}
