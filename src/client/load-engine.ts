import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import { type DockerAddress, parseDockerHost } from "../rpc/address.ts";
import { currentDockerEndpoint, readDockerEndpoint } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";

/** A Docker Engine that an image is loaded into. */
export interface LoadEngine {
  readonly address: DockerAddress;
  readonly bytes: ByteStream;
}

/** Connects to the engine of a docker context, else the current one. Rejects with `daemon.unreachable` that says what for. */
export async function dialLoadEngine(
  context: string | undefined,
  host: HostEnvironment,
  signal: AbortSignal,
): Promise<LoadEngine> {
  const { dialEngine } = await import("../rpc/dial-docker.ts");
  try {
    const { host: name, tls } = context === undefined ? currentDockerEndpoint(host) : readDockerEndpoint(host, context);
    const address = parseDockerHost(name);
    return { address, bytes: await dialEngine(address, { tls, variables: host.variables, signal }) };
  } catch (error) {
    throw error instanceof LuakitError && !signal.aborted ? needsEngine(error) : error;
  }
}

/** Who builds on another daemon may not know that an engine is needed at all. */
export function needsEngine({ code, message, hint, cause }: LuakitError): LuakitError {
  return new LuakitError(code, `--load, or type=docker without dest, needs a Docker Engine: ${message}`, {
    hint: hint ?? "start Docker, name an engine with DOCKER_HOST, or write an archive: -o type=docker,dest=FILE",
    cause,
  });
}
