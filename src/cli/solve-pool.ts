import type { BuildRequest } from "../client/build-request.ts";
import { closePool, openPool, type PoolNode } from "../client/builder-pool.ts";
import type { Builder } from "../client/buildx-store.ts";
import { askTraits, type DaemonTraits } from "../client/daemon-traits.ts";
import { dockerConfigDirectory } from "../client/docker-context.ts";
import type { HostEnvironment } from "../client/host-environment.ts";
import { newId } from "../client/id.ts";
import { onNode } from "../client/node-error.ts";
import { registryOptionsOf } from "../client/node-registries.ts";
import { splitRequest } from "../client/pool-request.ts";
import { poolResponse, type Response } from "../client/pool-response.ts";
import { type PoolTask, runPool } from "../client/pool-run.ts";
import { pushIndex } from "../client/push-index.ts";
import { openDockerConfig } from "../image/docker-config.ts";
import type { Platform } from "../oci/platform.ts";
import type { Progress } from "../progress/progress.ts";
import { ImagePins } from "../script/image-pins.ts";
import { VertexPlaces } from "../script/vertex-places.ts";
import { readRegistryTls } from "../session/auth-tls.ts";
import type { BuildRecorder } from "./build-recorder.ts";
import type { Input } from "./command.ts";
import type { Interrupt } from "./interrupt.ts";
import { luakitVersion } from "./luakit-version.ts";
import type { ScriptInput } from "./read-script.ts";
import { ScriptBuild } from "./script-build.ts";
import type { Terminal } from "./terminal.ts";

export interface PoolBuild {
  readonly builder: Builder;
  readonly script: ScriptInput;
  readonly request: BuildRequest;
  readonly input: Input;
  readonly terminal: Terminal;
  readonly host: HostEnvironment;
  readonly progress: Progress;
  readonly interrupt: Interrupt;
  /** A line for the user. */
  readonly notice: (line: string) => void;
  readonly recorder?: BuildRecorder | undefined;
}

/** What became of a build for which a builder has several nodes. */
export type PoolOutcome =
  | { readonly response: Response }
  /** One node does it all: the one that builds for this platform. */
  | { readonly platform: Platform | undefined };

/** Builds each platform on its own node of a builder, at the same time, and makes one index of what they push. */
export async function solveOnPool(build: PoolBuild): Promise<PoolOutcome> {
  const { builder, request, host, interrupt, notice } = build;
  const platforms = request.platforms.length > 0 ? request.platforms : await platformsOf(build);
  const { signal, lastCall } = interrupt;
  const nodes = await openPool(builder, platforms, host, { signal, notify: notice });
  if (nodes === undefined) return { platform: platforms[0] };
  lastCall.addEventListener("abort", () => {
    for (const { connection } of nodes) connection.channel.destroy();
  });
  try {
    return { response: await solveOn(nodes, build) };
  } finally {
    await closePool(nodes);
  }
}

/** What the script exports, when the command line does not say it. */
function platformsOf({ input, terminal, script, request, interrupt, notice }: PoolBuild): Promise<readonly Platform[]> {
  const surveyed = new ScriptBuild(input, { ...terminal, error: notice }, script, request, new VertexPlaces());
  return interrupt.without(() => surveyed.platforms());
}

async function solveOn(nodes: readonly PoolNode[], build: PoolBuild): Promise<Response> {
  const { request, host, progress, interrupt } = build;
  const shares = nodes.map(({ platforms }) => platforms);
  const { requests, push } = splitRequest(request, shares);
  const ref = newId();
  const tasks = await evaluateOn(nodes, requests, build);
  const responses = await runPool(tasks, {
    host,
    progress,
    signal: interrupt.signal,
    lastCall: interrupt.lastCall,
    ref,
  });
  if (push === undefined) return poolResponse(nodes, responses, ref);
  const vertex = progress.clientVertex(`pushing the index ${push.names.join(", ")}`);
  try {
    const digests = responses.map((response) => response["containerimage.digest"] ?? "");
    const index = await pushIndex(push, digests, {
      credentials: openDockerConfig({
        configDir: dockerConfigDirectory(host),
        variables: host.variables,
        signal: interrupt.signal,
      }),
      registries: registryOptionsOf(nodes.map(({ node }) => node)),
      tls: readRegistryTls(request.registryTls),
      userAgent: `luakit/${luakitVersion()}`,
      signal: interrupt.signal,
    });
    vertex.done();
    return poolResponse(nodes, responses, ref, { push, index });
  } catch (error) {
    vertex.fail(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** The script for each node, one after the other: nothing else can happen while a script runs. */
async function evaluateOn(
  nodes: readonly PoolNode[],
  requests: readonly BuildRequest[],
  { script, request, input, terminal, interrupt, notice, recorder }: PoolBuild,
): Promise<readonly PoolTask[]> {
  const parts = await Promise.all(
    nodes.map(async (node, place) => {
      const traits = await askNode(node, interrupt.signal);
      return { node, traits, request: requests[place] ?? request };
    }),
  );
  const pins = new ImagePins();
  const once = onlyOnce(notice);
  const said = { ...terminal, error: once };
  return interrupt.without(async () => {
    const tasks: PoolTask[] = [];
    for (const part of parts) {
      const places = new VertexPlaces();
      const { connection, label } = part.node;
      recorder?.connected({ connection, places, label, traits: part.traits });
      // What the script exports for itself is chosen from when it has run.
      const asked = request.platforms.length === 0 ? { ...part.request, platforms: [] } : part.request;
      const scripted = new ScriptBuild(input, said, script, asked, places);
      const run = await scripted.build(part.traits, { platforms: part.node.platforms, pins });
      const warn = (text: string) => once(`warning: ${text}`);
      tasks.push({ ...part, run, warn, locate: places.locate.bind(places) });
    }
    return tasks;
  });
}

async function askNode({ connection, node }: PoolNode, signal: AbortSignal): Promise<DaemonTraits> {
  try {
    return await askTraits(connection.channel, connection.kind, signal);
  } catch (error) {
    throw onNode(error, node);
  }
}

/** What all nodes have to say is said once. */
function onlyOnce(notice: (line: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    notice(text);
  };
}
