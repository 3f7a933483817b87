import { type Gateway, openGateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { compileLua } from "../lua/glue.ts";
import { parsePlatform } from "../oci/platform.ts";
import { openChannel } from "../rpc/channel.ts";
import { buildScript } from "./build-script.ts";
import { type FrontendEnvironment, readEnvironment } from "./environment.ts";
import { toStatus } from "./failure.ts";
import { readFrontendOptions } from "./frontend-options.ts";
import { readScript } from "./read-script.ts";
import { StdioStream } from "./stdio-stream.ts";

/** Serves one build to the BuildKit that started this process, over stdin and stdout. Gives the exit status. */
export async function serveFrontend(variables: Readonly<Record<string, string | undefined>>): Promise<number> {
  const lua = compileLua();
  const channel = openChannel(new StdioStream());
  const environment = readEnvironment(variables);
  const gateway = openGateway(channel, { sessionId: environment.sessionId });
  try {
    await gateway.finish(await answer(gateway, environment, lua));
    return 0;
  } catch (error) {
    await gateway.fail(toStatus(error));
    return 1;
  }
}

async function answer(
  gateway: Gateway,
  environment: FrontendEnvironment,
  lua: Promise<WebAssembly.Module>,
): Promise<GatewayResult> {
  const { platform = parsePlatform("linux/amd64") } = environment;
  const options = readFrontendOptions(environment.options);
  gateway.ping().catch(() => undefined);
  const script = await readScript(gateway, options, platform);
  return buildScript(gateway, { options, script, platform, lua });
}
