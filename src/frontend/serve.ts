import { writeSync } from "node:fs";
import { type Gateway, openGateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { parsePlatform } from "../oci/platform.ts";
import { openChannel } from "../rpc/channel.ts";
import { type FrontendEnvironment, readEnvironment } from "./environment.ts";
import { toStatus } from "./failure.ts";
import type { FrontendOptions } from "./frontend-options.ts";
import { isDockerfile } from "./is-dockerfile.ts";
import { type FoundScript, readScript } from "./read-script.ts";
import { ScriptLog } from "./script-log.ts";
import { scriptNameOf } from "./script-name.ts";
import { StdioStream } from "./stdio-stream.ts";
import { returnUncaught } from "./uncaught.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Serves one build to the BuildKit that started this process, over stdin and stdout. Gives the exit status. */
export async function serveFrontend(variables: Variables): Promise<number> {
  returnUncaught();
  const channel = openChannel(new StdioStream());
  const gateway = openGateway(channel, { sessionId: variables.BUILDKIT_SESSION_ID ?? "" });
  try {
    await gateway.finish(await answer(gateway, readEnvironment(variables)));
  } catch (error) {
    return await fail(gateway, error);
  }
  return 0;
}

/** The daemon tells its client; the process itself has then done what it was started for. */
async function fail(gateway: Gateway, error: unknown): Promise<number> {
  try {
    await gateway.fail(toStatus(error));
    return 0;
  } catch (untold) {
    // stderr is the daemon's log; nobody else is left.
    writeSync(2, `luakit: ${untold instanceof Error ? untold.message : untold}\n`);
    return 1;
  }
}

async function answer(gateway: Gateway, environment: FrontendEnvironment): Promise<GatewayResult> {
  const { platform = parsePlatform("linux/amd64") } = environment;
  const filename = scriptNameOf(environment.options);
  const found = readScript(gateway, { options: environment.options, filename, platform });
  gateway.ping().catch(() => undefined);
  const loaded = loadBuild();
  const script = await found;
  if (isDockerfile(script.file.data)) {
    const place = Object.entries(script.place).filter(([name]) => !environment.options.get(name));
    return (await import("./dockerfile.ts")).solveDockerfile(gateway, new Map([...environment.options, ...place]));
  }
  // What is wrong for a script may be right for a Dockerfile.
  const { lua, buildScript, readFrontendOptions } = await loaded;
  const options = await withEpoch(gateway, readFrontendOptions(environment.options), script);
  const build = { gateway, options, script, platform, lua, log: new ScriptLog(gateway, script.file.name) };
  const request = environment.options.get("requestid");
  if (request === undefined) return buildScript(build);
  return (await import("./subrequest.ts")).answerSubrequest(build, request);
}

async function withEpoch(
  gateway: Gateway,
  options: FrontendOptions,
  { origin }: FoundScript,
): Promise<FrontendOptions> {
  if (!options.epochOfContext) return options;
  const { epochOfContext } = await import("./context-epoch.ts");
  return { ...options, ...(await epochOfContext(gateway, options, origin)) };
}

/** What runs scripts is loaded while the daemon fetches the script: half of what there is to load. */
async function loadBuild() {
  const { compileLua } = await import("../lua/glue.ts");
  const lua = compileLua();
  const [{ buildScript }, { readFrontendOptions }] = await Promise.all([
    import("./build-script.ts"),
    import("./frontend-options.ts"),
    import("./open-sources.ts"),
  ]);
  return { lua, buildScript, readFrontendOptions };
}
