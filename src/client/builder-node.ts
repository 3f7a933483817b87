import { isAbsolute } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseAddress, parseDockerHost } from "../rpc/address.ts";
import type { TlsFiles } from "../rpc/tls-files.ts";
import type { Builder, BuilderNode } from "./buildx-store.ts";
import type { Daemon } from "./daemon.ts";
import { type DockerEndpoint, readDockerEndpoint } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { findPod } from "./kubernetes-pod.ts";

/** Where the daemon of one node is, by its driver. Throws `daemon.unreachable` for what cannot be a daemon. */
export async function nodeDaemon(builder: Builder, node: BuilderNode, host: HostEnvironment): Promise<Daemon> {
  const source = sourceOf(builder, node);
  switch (builder.driver) {
    case "docker":
      return dockerDaemon(dockerEngine(node.endpoint, host, source), source);
    case "docker-container":
      return { ...containerDaemon(node, source), boot: ["docker", "buildx", "inspect", "--bootstrap", builder.name] };
    case "remote":
      return { address: readAddress(node.endpoint, source), source, tls: remoteTls(node, source) };
    case "kubernetes":
      return { ...(await findPod(node, host, source)), source };
    default:
      throw new LuakitError("daemon.unreachable", `${source} has the driver "${builder.driver}", which is not known`, {
        hint: `docker buildx inspect ${builder.name}`,
      });
  }
}

/** The BuildKit inside a Docker Engine. */
export function dockerDaemon(endpoint: DockerEndpoint, source = endpoint.source): Daemon {
  return { address: named(source, () => parseDockerHost(endpoint.host)), source, tls: endpoint.tls };
}

/** An address that a file or a variable holds; what is wrong with it is said with `source`. */
export function readAddress(text: string, source: string): Daemon["address"] {
  return named(source, () => parseAddress(text));
}

function sourceOf({ name, nodes }: Builder, node: BuilderNode): string {
  return `the buildx builder "${name}"${nodes.length > 1 ? `, node "${node.name}"` : ""}`;
}

function containerDaemon({ name, endpoint }: BuilderNode, source: string): Daemon {
  const container = `buildx_buildkit_${name}`;
  if (isUrl(endpoint)) return { address: { scheme: "docker-container", container, engine: endpoint }, source };
  return { address: { scheme: "docker-container", container, context: endpoint || undefined }, source };
}

/** A node names an engine by its docker context or by its host. */
function dockerEngine(endpoint: string, host: HostEnvironment, source: string): DockerEndpoint {
  return isUrl(endpoint)
    ? { context: "default", host: endpoint, source }
    : readDockerEndpoint(host, endpoint || "default", source);
}

function isUrl(text: string): boolean {
  return text.includes("://");
}

/** The driver options of buildx's remote driver: absolute paths, and a CA whenever there is TLS. */
function remoteTls({ options }: BuilderNode, source: string): TlsFiles | undefined {
  const { servername, cacert, cert, key } = options;
  if ((servername ?? cacert ?? cert ?? key) === undefined) return undefined;
  for (const [name, path] of Object.entries({ cacert, cert, key })) {
    if (path !== undefined && !isAbsolute(path)) throw malformed(source, `has ${name}=${path}, which is not absolute`);
  }
  if (cacert === undefined) throw malformed(source, "has TLS options but no cacert");
  if ((cert === undefined) !== (key === undefined)) throw malformed(source, "has only one of cert and key");
  return { ca: cacert, cert, key, serverName: servername };
}

function malformed(source: string, what: string): LuakitError {
  return new LuakitError("daemon.unreachable", `${source} ${what}`);
}

function named<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError(error.code, `${source}: ${error.message}`, { hint: error.hint, cause: error });
  }
}
