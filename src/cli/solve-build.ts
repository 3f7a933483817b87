import type { BuildFunction } from "../client/build.ts";
import type { BuildRequest } from "../client/build-request.ts";
import type { Connection } from "../client/connect.ts";
import { openDaemon } from "../client/open-daemon.ts";
import { imageIdOf, removeStaleImageId, writeResultFiles } from "../client/result-files.ts";
import { runRequest } from "../client/run-request.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { openProgress, type Progress } from "../progress/progress.ts";
import { solveTargets } from "../script/solve.ts";
import { describeBuilt } from "./built.ts";
import { type Command, type Input, isFlagSet } from "./command.ts";
import { commandLine } from "./command-line.ts";
import { evaluatePlatforms } from "./evaluate-platforms.ts";
import { hostPlatform, printRemarks } from "./evaluate-script.ts";
import { hostEnvironment } from "./host-environment.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { openProgressOutput } from "./progress-output.ts";
import type { BuildInput } from "./read-build.ts";
import type { ScriptInput } from "./read-script.ts";
import { readBuildRequest } from "./solve-flags.ts";
import type { Terminal } from "./terminal.ts";

/** Builds a script, or a Definition, on a daemon and gives the exit status. */
export async function solveBuild(
  command: Command,
  input: Input,
  terminal: Terminal,
  what: BuildInput,
): Promise<number> {
  const filename = what.kind === "script" ? what.script.name : undefined;
  const request: BuildRequest = { ...(await readBuildRequest(input, terminal)), filename };
  removeStaleImageId(request.files);
  const progress = openProgress(request.progress, openProgressOutput(terminal), { variables: terminal.variables });
  const interrupt = listenForInterrupt(() => progress.end({ result: "canceled" }));
  try {
    const run = await buildFunction(what, request, input, { ...terminal, error: (text) => notify(progress, text) });
    const response = await buildAnywhere(request, progress, terminal, interrupt.signal, run);
    writeResultFiles(request.files, response);
    progress.end({ result: "done", built: describeBuilt(request, response, terminal.cwd) });
    if (request.progress === "quiet") terminal.out(`${imageIdOf(response) ?? ""}\n`);
    return 0;
  } catch (error) {
    progress.end({ result: interrupt.signal.aborted ? "canceled" : "failed" });
    if (interrupt.signal.aborted) throw interrupt.signal.reason;
    throw error instanceof LuakitError && error.code === "build.failed"
      ? withRetry(error, commandLine(command, input))
      : error;
  } finally {
    interrupt.release();
  }
}

/** Builds on the daemon that the command line names or that is found. */
async function buildAnywhere(
  request: BuildRequest,
  progress: Progress,
  terminal: Terminal,
  signal: AbortSignal,
  run: (connection: Connection) => BuildFunction,
): Promise<Readonly<Record<string, string>>> {
  const host = hostEnvironment(terminal);
  const notice = (line: string) => notify(progress, line);
  const connection: Connection = await openDaemon(request.daemon, host, { signal, notify: notice });
  try {
    return await runRequest(connection, request, {
      host,
      progress,
      signal,
      run: run(connection),
      warn: (text) => notice(`warning: ${text}`),
    });
  } finally {
    await connection.close();
  }
}

async function buildFunction(
  what: BuildInput,
  request: BuildRequest,
  input: Input,
  terminal: Terminal,
): Promise<(connection: Connection) => BuildFunction> {
  if (what.kind === "script") {
    return ({ kind }) => {
      // As with docker build: an engine's own images go before those of registries.
      const settings = { ...request, offline: request.offline || kind === "docker" };
      return (gateway) => runScript(gateway, settings, what.script, input, terminal);
    };
  }
  const { solveDefinition } = await import("../client/solve-definition.ts");
  return () => solveDefinition(what.bytes, request.noCache);
}

/** The part of a build that a frontend does: from the script to the daemon's references. */
async function runScript(
  gateway: Gateway,
  request: BuildRequest,
  script: ScriptInput,
  input: Input,
  terminal: Terminal,
): Promise<GatewayResult> {
  const { platform = hostPlatform() } = await gateway.ping();
  const evaluated = await evaluatePlatforms(input, terminal, script, request.platforms, platform, {
    buildPlatform: platform,
    contextRoot: request.locals.find(({ name }) => name === "context")?.path ?? terminal.cwd,
  });
  printRemarks(evaluated, terminal);
  const index = evaluated.targets.length > 1;
  return solveTargets(gateway, evaluated.targets, { ...request, index, resolve: !isFlagSet(input, "no-resolve") });
}

function notify(progress: Progress, text: string): void {
  for (const line of text.trimEnd().split("\n")) progress.notice(line);
}

function withRetry(error: LuakitError, command: string): LuakitError {
  const { code, message, position, callers, cause } = error;
  const hint = error.hint ?? `to try again: ${command}`;
  return new LuakitError(code, message, { position, callers, cause, hint });
}
