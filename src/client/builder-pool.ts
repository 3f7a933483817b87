import { formatPlatform, type Platform } from "../oci/platform.ts";
import { nodeDaemon } from "./builder-node.ts";
import type { Builder, BuilderNode } from "./buildx-store.ts";
import { assignNodes } from "./choose-node.ts";
import type { Connection } from "./connect.ts";
import type { DaemonSearch } from "./daemon-search.ts";
import { storedBuilder } from "./find-daemon.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { onNode } from "./node-error.ts";
import type { OpenOptions } from "./open-daemon.ts";
import { askPlatforms, openBooted } from "./open-found.ts";

/** A node of a pool that builds something. */
export interface PoolNode {
  readonly node: BuilderNode;
  readonly platforms: readonly Platform[];
  /** For people: its name and what it builds for. */
  readonly label: string;
  readonly connection: Connection;
}

/** The builder that would build, when it has several nodes. What is wrong with it is told where one node is chosen. */
export async function findPool(search: DaemonSearch, host: HostEnvironment): Promise<Builder | undefined> {
  const builder = await storedBuilder(search, host);
  return builder !== undefined && builder.nodes.length > 1 ? builder : undefined;
}

/**
 * Connects to the nodes that build for `platforms`, each of which has been reached; undefined when one node does it all.
 * Rejects with `daemon.unreachable`, which names the node.
 */
export async function openPool(
  builder: Builder,
  platforms: readonly Platform[],
  host: HostEnvironment,
  options: OpenOptions,
): Promise<readonly PoolNode[] | undefined> {
  const shares = await assignNodes(builder, platforms, host, (daemon) => askPlatforms(daemon, host, options));
  if (shares.length === 1) return undefined;
  const opening = shares.map(async (share): Promise<PoolNode> => {
    const label = `${share.node.name} ${share.platforms.map(formatPlatform).join(",")}`;
    try {
      const daemon = await nodeDaemon(builder, share.node, host);
      return { ...share, label, connection: await openBooted(daemon, host, options) };
    } catch (error) {
      throw onNode(error, share.node);
    }
  });
  try {
    return await Promise.all(opening);
  } catch (error) {
    const open = await Promise.allSettled(opening);
    await closePool(open.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
    throw error;
  }
}

/** Ends the connections to all nodes. */
export async function closePool(nodes: readonly PoolNode[]): Promise<void> {
  await Promise.all(nodes.map(({ connection }) => connection.close()));
}
