import { type Gateway, openGateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { compileLua } from "../lua/glue.ts";
import { parsePlatform } from "../oci/platform.ts";
import { openChannel } from "../rpc/channel.ts";
import { makeStatus, statusCode, statusOf } from "../rpc/status.ts";
import { evaluate } from "../script/evaluate.ts";
import { evaluatePlatforms } from "../script/evaluate-platforms.ts";
import { solveTargets } from "../script/solve.ts";
import { type FrontendEnvironment, readEnvironment } from "./environment.ts";
import { readScript } from "./read-script.ts";
import { StdioStream } from "./stdio-stream.ts";

/** Serves one build to the BuildKit that started this process, over stdin and stdout. Gives the exit status. */
export async function serveFrontend(variables: Readonly<Record<string, string | undefined>>): Promise<number> {
  const lua = compileLua();
  const channel = openChannel(new StdioStream());
  const environment = readEnvironment(variables);
  const gateway = openGateway(channel, { sessionId: environment.sessionId });
  try {
    await gateway.finish(await build(gateway, environment, lua));
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await gateway.fail(statusOf(error) ?? makeStatus(statusCode.unknown, message));
    return 1;
  }
}

async function build(
  gateway: Gateway,
  { options, platform = parsePlatform("linux/amd64") }: FrontendEnvironment,
  lua: Promise<WebAssembly.Module>,
): Promise<GatewayResult> {
  gateway.ping().catch(() => undefined);
  const script = await readScript(gateway, options.get("filename") ?? "build.lua", platform);
  const module = await lua;
  const evaluated = await evaluatePlatforms([], platform, (targetPlatform) =>
    evaluate({
      script,
      path: script.name,
      modules: { find: () => ({ tried: [] }) },
      ignorePatterns: () => [],
      buildArguments: new Map(),
      hostVariable: () => undefined,
      hostHas: () => false,
      targetPlatform,
      buildPlatform: platform,
      target: options.get("target"),
      limits: { memory: 512 * 1024 * 1024, time: 30_000 },
      module,
      lastWords: ({ message }) => message,
      log: () => undefined,
    }),
  );
  return solveTargets(gateway, evaluated.targets, {
    index: false,
    noCache: false,
    entitlements: undefined,
    resolve: true,
    offline: false,
    labels: new Map(),
  });
}
