import { parseObject } from "../image/json.ts";
import { parseDockerHost } from "../rpc/address.ts";
import { dialEngine } from "../rpc/dial-docker.ts";
import { requestEngine } from "../rpc/docker-http.ts";
import { currentDockerEndpoint, readDockerEndpoint } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";
import type { LoadForm } from "./planned-export.ts";

const snapshotter = "io.containerd.snapshotter.v1";

/**
 * The form of archive that a Docker Engine loads: an engine whose images are in containerd takes OCI ones, which hold
 * indexes. Of a docker context, else the current engine. Rejects with `daemon.unreachable`.
 */
export async function askLoadForm(context: string | undefined, host: HostEnvironment): Promise<LoadForm> {
  const endpoint = context === undefined ? currentDockerEndpoint(host) : readDockerEndpoint(host, context);
  const bytes = await dialEngine(parseDockerHost(endpoint.host), { tls: endpoint.tls, variables: host.variables });
  const { body } = await requestEngine(bytes, { method: "GET", path: "/info" }).response;
  return readLoadForm(body);
}

/** The form that an engine's answer to `/info` tells of. */
export function readLoadForm(info: Uint8Array): LoadForm {
  const status = parseObject(info)?.DriverStatus;
  const pairs: readonly unknown[] = Array.isArray(status) ? status : [];
  const isContainerd = (pair: unknown) => Array.isArray(pair) && pair[0] === "driver-type" && pair[1] === snapshotter;
  return pairs.some(isContainerd) ? "oci" : "docker";
}
