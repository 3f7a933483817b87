import { isRunnableOn } from "../image/platform-match.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { nodeDaemon } from "./builder-node.ts";
import type { Builder, BuilderNode } from "./buildx-store.ts";
import type { Daemon } from "./daemon.ts";
import type { HostEnvironment } from "./host-environment.ts";

/** Asks a daemon what its workers can build for. */
export type AskPlatforms = (daemon: Daemon) => Promise<readonly Platform[]>;

/**
 * The daemon of the node that builds for `wanted`, by the rules of buildx: a node that was created for it, else the first
 * one whose workers can do it, else the first one. Rejects with `daemon.unreachable`.
 */
export async function chooseNode(
  builder: Builder,
  wanted: Platform | undefined,
  host: HostEnvironment,
  ask: AskPlatforms,
): Promise<Daemon> {
  const node = createdFor(builder, wanted) ?? (await ableNode(builder, wanted, host, ask));
  return nodeDaemon(builder, node, host);
}

function createdFor({ nodes }: Builder, wanted: Platform | undefined): BuilderNode | undefined {
  if (wanted === undefined || nodes.length === 1) return nodes[0];
  const name = formatPlatform(wanted);
  return nodes.find(({ platforms }) => platforms.some((platform) => formatPlatform(platform) === name));
}

async function ableNode(
  builder: Builder,
  wanted: Platform | undefined,
  host: HostEnvironment,
  ask: AskPlatforms,
): Promise<BuilderNode> {
  const able = await Promise.all(
    builder.nodes.map(async (node) => {
      // A node that does not answer is no reason not to use another.
      const asked = await nodeDaemon(builder, node, host).then(ask, () => []);
      return { node, platforms: [...node.platforms, ...asked] };
    }),
  );
  const fits = able.find(({ platforms }) => wanted && platforms.some((platform) => isRunnableOn(platform, wanted)));
  const [first] = able;
  if (first === undefined) throw new RangeError("a builder without nodes");
  return (fits ?? first).node;
}
