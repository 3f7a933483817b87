import { join } from "node:path";
import { build } from "../client/build.ts";
import type { BuildRequest } from "../client/build-request.ts";
import type { Connection } from "../client/connect.ts";
import { askTraits } from "../client/daemon-traits.ts";
import type { HostEnvironment } from "../client/host-environment.ts";
import { openDaemon } from "../client/open-daemon.ts";
import { sessionServices } from "../client/session-services.ts";
import { planSolve } from "../client/solve-request.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { openDockerConfig } from "../image/docker-config.ts";
import { solveTargets } from "../script/solve.ts";
import { openAuthRecord } from "../session/auth-refusal.ts";
import type { Input } from "./command.ts";
import { evaluatePlatforms } from "./evaluate-platforms.ts";
import { hostPlatform, printRemarks } from "./evaluate-script.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { luakitVersion } from "./luakit-version.ts";
import { readScript, type ScriptInput } from "./read-script.ts";
import { readBuildRequest } from "./solve-flags.ts";
import type { Terminal } from "./terminal.ts";

/** Builds a script on a daemon and gives the exit status. */
export async function solveBuild(input: Input, terminal: Terminal): Promise<number> {
  const request = await readBuildRequest(input, terminal);
  const script = readScript(input.positionals[0], terminal);
  const interrupt = listenForInterrupt(() => {});
  const connection = await openDaemon(request.daemon, hostEnvironment(terminal), { signal: interrupt.signal });
  try {
    await buildOn(connection, request, script, input, terminal, interrupt.signal);
    return 0;
  } finally {
    await connection.close();
    interrupt.release();
  }
}

async function buildOn(
  connection: Connection,
  request: BuildRequest,
  script: ScriptInput,
  input: Input,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { channel } = connection;
  const configDir = terminal.variables.DOCKER_CONFIG || join(terminal.variables.HOME || "/", ".docker");
  const traits = await askTraits(channel, connection.kind);
  const planned = planSolve(request, traits);
  const services = await sessionServices(request, {
    credentials: openDockerConfig({ configDir, variables: terminal.variables }),
    configDir,
    userAgent: `luakit/${luakitVersion()}`,
    clientTokens: terminal.variables.BUILDKIT_NO_CLIENT_TOKEN !== "1",
    authRecord: openAuthRecord(),
  });
  const outcome = await build(channel, {
    ...planned,
    services,
    signal,
    onStatus: (status) =>
      terminal.error(`${JSON.stringify(status, (_, v) => (typeof v === "bigint" ? String(v) : v))}\n`),
    run: (gateway) => runScript(gateway, request, script, input, terminal),
  });
  terminal.error(`${JSON.stringify(outcome)}\n`);
}

async function runScript(
  gateway: Gateway,
  request: BuildRequest,
  script: ScriptInput,
  input: Input,
  terminal: Terminal,
) {
  const { platform = hostPlatform() } = await gateway.ping();
  const context = request.locals.find(({ name }) => name === "context")?.path ?? terminal.cwd;
  const evaluated = await evaluatePlatforms(input, terminal, script, request.platforms, platform, {
    buildPlatform: platform,
    contextRoot: context,
  });
  printRemarks(evaluated, terminal);
  return solveTargets(gateway, evaluated.targets, {
    index: evaluated.targets.length > 1,
    noCache: request.noCache,
    labels: request.labels,
  });
}

function hostEnvironment({ variables }: Terminal): HostEnvironment {
  return {
    variables,
    home: variables.HOME || "/",
    userId: process.getuid?.(),
    system: process.platform,
  };
}
