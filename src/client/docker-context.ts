import { existsSync } from "node:fs";
import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import type { TlsFiles } from "../rpc/tls-files.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { readStored } from "./stored-file.ts";

/** A Docker Engine as docker's own configuration names it. */
export interface DockerEndpoint {
  /** The docker context; `default` is the one that DOCKER_HOST describes. */
  readonly context: string;
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  readonly host: string;
  readonly tls?: TlsFiles | undefined;
  /** What chose it, for people: `DOCKER_HOST`. */
  readonly source: string;
}

const defaultHost = "unix:///var/run/docker.sock";

/** `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDirectory({ variables, home }: HostEnvironment): string {
  return variables.DOCKER_CONFIG || join(home, ".docker");
}

/**
 * The engine that the docker command would talk to: DOCKER_HOST, DOCKER_CONTEXT, the current context, the default. Throws
 * `daemon.unreachable`.
 */
export function currentDockerEndpoint(host: HostEnvironment): DockerEndpoint {
  const { name, source } = currentContext(host);
  return readDockerEndpoint(host, name, source);
}

/** The engine of one docker context. Throws `daemon.unreachable` when there is no such context. */
export function readDockerEndpoint(
  host: HostEnvironment,
  context: string,
  source = `the docker context "${context}"`,
): DockerEndpoint {
  if (context === "default") return defaultEndpoint(host, source);
  const found = findDockerEndpoint(host, context, source);
  if (found !== undefined) return found;
  throw new LuakitError("daemon.unreachable", `${source}: there is no docker context "${context}"`, {
    hint: "docker context ls",
  });
}

/** As `readDockerEndpoint`, undefined when there is no such context. */
export function findDockerEndpoint(
  host: HostEnvironment,
  context: string,
  source = `the docker context "${context}"`,
): DockerEndpoint | undefined {
  if (context === "default") return defaultEndpoint(host, source);
  const contexts = join(dockerConfigDirectory(host), "contexts");
  const folder = new Bun.CryptoHasher("sha256").update(context).digest("hex");
  const meta = readJson(join(contexts, "meta", folder, "meta.json"));
  const endpoint = objectMember(objectMember(meta, "Endpoints"), "docker");
  if (meta === undefined) return undefined;
  const address = textMember(endpoint ?? {}, "Host");
  if (address === undefined) return undefined;
  const tls = readTlsDirectory(join(contexts, "tls", folder, "docker"), endpoint?.SkipTLSVerify === true);
  return { context, host: withPort(address, tls !== undefined), tls, source };
}

/** What the docker command calls the context in use, and who says so. */
function currentContext(host: HostEnvironment): { readonly name: string; readonly source: string } {
  const { DOCKER_HOST, DOCKER_CONTEXT } = host.variables;
  if (DOCKER_HOST) return { name: "default", source: "DOCKER_HOST" };
  if (DOCKER_CONTEXT) return { name: DOCKER_CONTEXT, source: "DOCKER_CONTEXT" };
  const chosen = textMember(readJson(join(dockerConfigDirectory(host), "config.json")) ?? {}, "currentContext");
  if (chosen === undefined || chosen === "default") return { name: "default", source: "the Docker Engine" };
  return { name: chosen, source: `the docker context "${chosen}"` };
}

function defaultEndpoint(host: HostEnvironment, source: string): DockerEndpoint {
  const { DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_TLS, DOCKER_CERT_PATH } = host.variables;
  const address = DOCKER_HOST || defaultHost;
  const secured = Boolean(DOCKER_TLS_VERIFY || DOCKER_TLS);
  const tls = secured
    ? readTlsDirectory(DOCKER_CERT_PATH || dockerConfigDirectory(host), !DOCKER_TLS_VERIFY, Boolean(DOCKER_CERT_PATH))
    : undefined;
  return { context: "default", host: withPort(address, secured), tls: tls ?? (secured ? {} : undefined), source };
}

/** Docker's own default ports: 2375, and 2376 with TLS. */
function withPort(address: string, secured: boolean): string {
  const match = /^tcp:\/\/(\[[^\]]*\]|[^:/]*)\/?$/.exec(address);
  return match === null ? address : `tcp://${match[1] || "127.0.0.1"}:${secured ? 2376 : 2375}`;
}

function readTlsDirectory(directory: string, insecure: boolean, isGiven = false): TlsFiles | undefined {
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) => existing(join(directory, name)));
  const isEmpty = ca === undefined && cert === undefined && key === undefined;
  if (isEmpty && isGiven) {
    throw new LuakitError("usage", `DOCKER_CERT_PATH: "${directory}" has no ca.pem, cert.pem or key.pem`);
  }
  if (isEmpty) return insecure ? { insecure } : undefined;
  return { ca, cert, key, insecure };
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

function readJson(path: string): JsonObject | undefined {
  return parseObject(readStored(path) ?? "");
}

function objectMember(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isObject(value) ? value : undefined;
}
