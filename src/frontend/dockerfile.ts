import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { Definition } from "../gen/ops.ts";
import { statusCode, statusOf } from "../rpc/status.ts";

/**
 * Hands a build, or a subrequest, to the daemon's own Dockerfile frontend, and gives its result or error as it is. The
 * option `cmdline`, which a `#syntax` line has made, keeps that frontend from following the line again.
 */
export async function solveDockerfile(gateway: Gateway, options: ReadonlyMap<string, string>): Promise<GatewayResult> {
  return gateway.solveFrontend({
    frontend: "dockerfile.v0",
    options: Object.fromEntries(options),
    inputs: await readInputs(gateway),
  });
}

async function readInputs(gateway: Gateway): Promise<Readonly<Record<string, Uint8Array>>> {
  try {
    const inputs = [...(await gateway.inputs())];
    return Object.fromEntries(inputs.map(([name, definition]) => [name, Definition.encode(definition)]));
  } catch (error) {
    if (statusOf(error)?.code === statusCode.unimplemented) return {};
    throw error;
  }
}
