import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import type { DockerAddress } from "./address.ts";
import { beforeDeadline } from "./deadline.ts";
import { dialEngineCommand, type Variables } from "./dial-command.ts";
import { dialNpipe } from "./dial-npipe.ts";
import { dialTcp } from "./dial-tcp.ts";
import { dialTls } from "./dial-tls.ts";
import { dialUnix } from "./dial-unix.ts";
import { formatAddress } from "./format-address.ts";
import { type Refusal, upgrade } from "./http-upgrade.ts";
import { connectionError } from "./stream-error.ts";
import type { TlsFiles } from "./tls-files.ts";
import { unreachable } from "./unreachable.ts";

export interface EngineOptions {
  readonly tls?: TlsFiles | undefined;
  readonly variables?: Variables;
}

/** Milliseconds for a connection to an engine to be made; ssh has the time that it takes. */
const patience = 5000;

/**
 * Connects to a Docker Engine's HTTP/1.1 API. Rejects with "daemon.unreachable", and with the signal's reason when it
 * aborts.
 */
export function dialEngine(
  address: DockerAddress,
  options: EngineOptions & { readonly signal?: AbortSignal },
): Promise<ByteStream> {
  const deadline = { timeout: patience, signal: options.signal };
  return beforeDeadline(connectEngine(address, options), formatAddress(address), deadline);
}

function connectEngine({ engine }: DockerAddress, { tls, variables }: EngineOptions): Promise<ByteStream> {
  switch (engine.scheme) {
    case "unix":
      return dialUnix(engine);
    case "npipe":
      return dialNpipe(engine);
    case "tcp":
      return tls === undefined ? dialTcp(engine) : dialTls(engine, tls, "http/1.1");
    case "ssh":
      return dialEngineCommand(engine, variables);
  }
}

/** Connects to the BuildKit inside a Docker Engine, by POST /grpc. Rejects with "daemon.unreachable". */
export function dialDocker(address: DockerAddress, options: EngineOptions): Promise<ByteStream> {
  return dialUpgraded(address, "/grpc", [], options);
}

/**
 * Opens a session by POST /session, as an engine has it besides Control.Session: the engine is the HTTP/2 client on the
 * stream. `metadata` is the session's, repeated names as repeated lines.
 */
export function dialDockerSession(
  address: DockerAddress,
  metadata: readonly (readonly [name: string, value: string])[],
  options: EngineOptions,
): Promise<ByteStream> {
  return dialUpgraded(address, "/session", metadata, options);
}

async function dialUpgraded(
  address: DockerAddress,
  path: string,
  headers: readonly (readonly [string, string])[],
  options: EngineOptions,
): Promise<ByteStream> {
  const bytes = await connectEngine(address, options);
  let answer: ByteStream | Refusal;
  try {
    answer = await upgrade(bytes, { path, protocol: "h2c", headers });
  } catch (error) {
    bytes.destroy();
    throw explainFailure(error, address);
  }
  if (!("status" in answer)) return answer;
  bytes.destroy();
  throw explainRefusal(answer, path, address);
}

function explainFailure(error: unknown, address: DockerAddress): LuakitError {
  if (!(error instanceof Error)) throw error;
  if (error instanceof RangeError) return unreachable(formatAddress(address), "no Docker Engine answers there");
  const reason = connectionError(error);
  return reason.code === "daemon.unreachable"
    ? reason
    : unreachable(formatAddress(address), error.message, { cause: error });
}

function explainRefusal({ status, body }: Refusal, path: string, address: DockerAddress): LuakitError {
  const place = formatAddress(address);
  const text = new TextDecoder().decode(body).trim();
  const message = /^\{.*"message":\s*"((?:[^"\\]|\\.)*)"/s.exec(text)?.[1] ?? text.slice(0, 200);
  const answer = `the Docker Engine answers ${status} to POST ${path}${message === "" ? "" : `: ${message}`}`;
  return unreachable(place, answer, status === 404 ? { hint: "its BuildKit needs Docker 18.09 or newer" } : {});
}
