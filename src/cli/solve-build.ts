import type { BuildSource } from "../client/build.ts";
import { askTraits, type DaemonTraits } from "../client/daemon-traits.ts";
import { openDaemon, searchesBuilder } from "../client/open-daemon.ts";
import type { Output } from "../client/output.ts";
import { imageIdOf, removeStaleImageId, writeResultFiles } from "../client/result-files.ts";
import { runRequest } from "../client/run-request.ts";
import { exitStatus } from "../diagnostic/code.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { loadMode } from "../progress/displays.ts";
import type { ProgressOutput } from "../progress/output.ts";
import { openProgress, type Progress } from "../progress/progress.ts";
import { defaultTimeLimit } from "../script/time-limit.ts";
import { VertexPlaces } from "../script/vertex-places.ts";
import type { BuildRecorder } from "./build-recorder.ts";
import { describeBuilt, describeReport } from "./built.ts";
import { type Command, flagValues, type Input, isFlagSet } from "./command.ts";
import { commandLine } from "./command-line.ts";
import { foreseeScript } from "./foresee-script.ts";
import { type HeldProgress, holdProgress } from "./held-progress.ts";
import { hostEnvironment } from "./host-environment.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt.ts";
import { openProgressOutput } from "./progress-output.ts";
import type { BuildInput } from "./read-build.ts";
import { report } from "./report.ts";
import type { ScriptRequest } from "./script-build.ts";
import { readTimeout, refuseFrontendOptions } from "./script-flags.ts";
import { readBuildRequest } from "./solve-flags.ts";
import type { PoolBuild, PoolOutcome } from "./solve-pool.ts";
import type { Terminal } from "./terminal.ts";

/** Builds a script, or a Definition, on a daemon and gives the exit status. */
export async function solveBuild(
  command: Command,
  input: Input,
  terminal: Terminal,
  what: BuildInput,
): Promise<number> {
  const request = await readRequest(input, terminal, what);
  removeStaleImageId(request.files);
  const recorder = await openRecorder(what, request, terminal);
  const output = openProgressOutput(terminal);
  const shown = await loadMode(request.progress, output, terminal.variables);
  const progress = openProgress(shown, output, { variables: terminal.variables, recorder });
  const interrupt = listenForInterrupt();
  const endInterrupted = () => {
    recorder?.end({ result: "canceled" });
    progress.end({ result: "canceled" });
    // Who watches says itself why it ends a build.
    if (terminal.variables.LUAKIT_WATCHED !== undefined) return exitStatus("interrupted");
    return report(interrupt.signal.reason, { ...terminal, error: (text) => writeLast(output, text) });
  };
  interrupt.lastCall.addEventListener("abort", endInterrupted);
  try {
    const response = await buildAnywhere(what, request, input, terminal, progress, interrupt, recorder);
    writeResultFiles(request.files, response);
    interrupt.release();
    const unwritten = recorder?.end({ result: "done", response });
    const built = describeBuilt(request, response, terminal.cwd);
    progress.end({ result: "done", built: [...built, ...describeReport(request, terminal.cwd)] });
    // Behind an archive on stdout it would be part of it.
    const isTaken = request.outputs.some(({ destination }) => destination.kind === "stdout");
    if (request.progress === "quiet" && !isTaken) terminal.out(`${imageIdOf(response) ?? ""}\n`);
    if (unwritten !== undefined) throw unwritten;
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) return endInterrupted();
    // From here on a reader that takes nothing is waited for, and Ctrl-C must end that.
    interrupt.release();
    progress.end({ result: "failed" });
    const unwritten = recorder?.end({ result: "failed", error });
    if (unwritten !== undefined && unwritten !== error) terminal.error(`warning: ${unwritten.message}\n`);
    throw error instanceof LuakitError && error.code === "build.failed"
      ? withRetry(error, commandLine(command, input))
      : error;
  } finally {
    interrupt.release();
  }
}

/** What the build tells is kept only when that is asked for. Throws "file.write". */
async function openRecorder(
  what: BuildInput,
  request: ScriptRequest,
  terminal: Terminal,
): Promise<BuildRecorder | undefined> {
  const { trace, report } = request.files;
  if (trace === undefined && report === undefined) return undefined;
  const [{ BuildRecorder }, reporting] = await Promise.all([
    import("./build-recorder.ts"),
    report === undefined ? undefined : import("./build-report.ts"),
  ]);
  return new BuildRecorder(trace, reporting && new reporting.BuildReport(what, request, terminal.cwd));
}

async function readRequest(input: Input, terminal: Terminal, what: BuildInput): Promise<ScriptRequest> {
  const request = await readBuildRequest(input, terminal);
  const values = flagValues(input, "build-context");
  if (what.kind === "definition") {
    refuseScriptFlags(input);
    return request;
  }
  refuseFrontendOptions(input);
  const filename = what.script.name;
  if (values.length === 0) return { ...request, filename };
  const { readBuildContexts } = await import("./build-contexts.ts");
  const contexts = readBuildContexts(values, terminal.cwd);
  return { ...request, filename, contexts, locals: [...request.locals, ...contexts.locals] };
}

/** What only a script reads, or says of its result. */
const forScripts = ["build-context", "target", "platform", "label", "env", "no-resolve"];

/** Throws "usage" for a flag that would change nothing: a Definition is built as it is. */
function refuseScriptFlags(input: Input): void {
  // The time of the export is no part of a Definition.
  const isRead = (text: string) => /^(build-arg:)?SOURCE_DATE_EPOCH(=|$)/.test(text);
  const hasArguments = flagValues(input, "build-arg").some((text) => !isRead(text));
  const stray = hasArguments ? "build-arg" : forScripts.find((name) => isFlagSet(input, name));
  if (stray === undefined) return;
  throw new LuakitError("usage", `--${stray} is for a script, and this is a Definition, which is built as it is`, {
    hint: "give the flag to the luakit build that writes the Definition, or build the script itself",
  });
}

/** Writes what a reader that takes nothing may miss. */
function writeLast(output: ProgressOutput, text: string): void {
  output.write(text);
  output.flush?.(100);
}

/** Builds on the daemon that the command line names or that is found. */
async function buildAnywhere(
  what: BuildInput,
  request: ScriptRequest,
  input: Input,
  terminal: Terminal,
  progress: Progress,
  interrupt: Interrupt,
  recorder: BuildRecorder | undefined,
): Promise<Readonly<Record<string, string>>> {
  const { signal, lastCall } = interrupt;
  const host = hostEnvironment(terminal);
  const notice = (text: string) => progress.notice(text.trimEnd());
  const pooled = await onPool({ what, request, input, terminal, host, progress, interrupt, notice, recorder });
  if (pooled !== undefined && "response" in pooled) return pooled.response;
  const search = { ...request.daemon, platform: pooled?.platform ?? request.daemon.platform };
  const connection = await openDaemon(search, host, { signal, notify: notice });
  lastCall.addEventListener("abort", () => connection.channel.destroy());
  try {
    const traits = askTraits(connection.channel, connection.kind, signal);
    const places = new VertexPlaces();
    recorder?.connected({ connection, places });
    traits.then(
      (known) => recorder?.connected({ connection, places, traits: known }),
      () => undefined,
    );
    const held = holdProgress(progress);
    const run = await buildFunction(what, request, input, { ...terminal, error: notice }, { places, interrupt, held });
    const locate = places.locate.bind(places);
    const warn = (text: string) => held.show(() => notice(`warning: ${text}`));
    const shown = held.progress;
    return await runRequest(connection, request, {
      host,
      progress: shown,
      signal,
      lastCall,
      traits,
      run,
      warn,
      locate,
    });
  } finally {
    await connection.close();
  }
}

/** Builds on several nodes of a builder, when there is one that has them. */
async function onPool({
  what,
  ...build
}: Omit<PoolBuild, "builder" | "script"> & { readonly what: BuildInput }): Promise<PoolOutcome | undefined> {
  const { request, host } = build;
  if (what.kind !== "script" || !searchesBuilder(request.daemon, host)) return undefined;
  const { findPool } = await import("../client/builder-pool.ts");
  const builder = await findPool(request.daemon, host);
  if (builder === undefined) return undefined;
  const { solveOnPool } = await import("./solve-pool.ts");
  return solveOnPool({ ...build, builder, script: what.script });
}

async function buildFunction(
  what: BuildInput,
  request: ScriptRequest,
  input: Input,
  terminal: Terminal,
  { places, interrupt, held }: { places: VertexPlaces; interrupt: Interrupt; held: HeldProgress },
): Promise<(traits: DaemonTraits) => Promise<BuildSource>> {
  if (what.kind === "script") {
    const evaluate = async (traits: DaemonTraits) => {
      const { ScriptBuild } = await import("./script-build.ts");
      const script = new ScriptBuild(input, terminal, what.script, request, places);
      const build = await interrupt.without(() => script.build(traits));
      held.release();
      return build;
    };
    if (!mayRunWithin(request, input)) return evaluate;
    return async (traits) => async (gateway) => {
      foreseeScript(gateway, what.script, request, traits, input);
      return (await evaluate(traits))(gateway);
    };
  }
  held.release();
  const { solveDefinition } = await import("../client/solve-definition.ts");
  const definition = solveDefinition(what.bytes, request.noCache);
  return async () => definition;
}

/**
 * Whether the script may run when the daemon has begun already: what it needs for the build gets ready meanwhile. Nobody
 * answers the daemon as long as the script runs, which it takes for less than a minute, and a signal ends the process at
 * once, which must leave nothing behind.
 */
function mayRunWithin({ outputs }: ScriptRequest, input: Input): boolean {
  const leaves = ({ destination: { kind } }: Output) => kind === "file" || kind === "layout" || kind === "load";
  return !outputs.some(leaves) && readTimeout(input) <= defaultTimeLimit;
}

function withRetry(error: LuakitError, command: string): LuakitError {
  const { code, message, position, callers, cause } = error;
  const hint = error.hint ?? `to try again: ${command}`;
  return new LuakitError(code, message, { position, callers, cause, hint });
}
