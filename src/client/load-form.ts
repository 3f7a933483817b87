import { parseObject } from "../image/json.ts";
import { formatAddress } from "../rpc/format-address.ts";
import { unreachable } from "../rpc/unreachable.ts";
import type { BuildRequest } from "./build-request.ts";
import { expectAnswer } from "./expect-answer.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { dialLoadEngine, needsEngine } from "./load-engine.ts";
import type { LoadForm } from "./planned-export.ts";

/** Milliseconds that an engine may take to answer. */
const silence = 20_000;
const snapshotter = "io.containerd.snapshotter.v1";

/**
 * The form of archive that the Docker Engine takes which a build is loaded into; undefined when there is none, or when it
 * is the engine that builds. Rejects with `daemon.unreachable`.
 */
export async function findLoadForm(
  { outputs }: Pick<BuildRequest, "outputs">,
  daemon: "buildkit" | "docker",
  host: HostEnvironment,
  signal: AbortSignal,
): Promise<LoadForm | undefined> {
  for (const { destination } of outputs) {
    if (destination.kind !== "load" || (daemon === "docker" && destination.context === undefined)) continue;
    return askLoadForm(destination.context, host, signal);
  }
  return undefined;
}

/** An engine whose images are in containerd takes OCI archives, which hold indexes. */
async function askLoadForm(context: string | undefined, host: HostEnvironment, signal: AbortSignal): Promise<LoadForm> {
  const [{ address, bytes }, { requestEngine }] = await Promise.all([
    dialLoadEngine(context, host, signal),
    import("../rpc/docker-http.ts"),
  ]);
  const failure = () => needsEngine(unreachable(formatAddress(address), `it says nothing for ${silence / 1000} s`));
  const { response, cancel } = requestEngine(expectAnswer(bytes, silence, failure), { method: "GET", path: "/info" });
  signal.addEventListener("abort", cancel);
  try {
    return readLoadForm((await response).body);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** The form that an engine's answer to `/info` tells of. */
export function readLoadForm(info: Uint8Array): LoadForm {
  const status = parseObject(info)?.DriverStatus;
  const pairs: readonly unknown[] = Array.isArray(status) ? status : [];
  const isContainerd = (pair: unknown) => Array.isArray(pair) && pair[0] === "driver-type" && pair[1] === snapshotter;
  return pairs.some(isContainerd) ? "oci" : "docker";
}
