import { acceptablePlatforms, isRunnableOn } from "../image/platform-match.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { nodeDaemon } from "./builder-node.ts";
import type { Builder, BuilderNode } from "./buildx-store.ts";
import type { Daemon } from "./daemon.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { onNode } from "./node-error.ts";

/** Asks a daemon what its workers can build for. Rejects when it does not answer. */
export type AskPlatforms = (daemon: Daemon) => Promise<readonly Platform[]>;

/** What is known of a node: what it can build for, or why it does not say more than its record. */
interface AskedNode extends NodeShare {
  readonly error?: unknown;
}

/** A node, and what it builds. */
export interface NodeShare {
  readonly node: BuilderNode;
  readonly platforms: readonly Platform[];
}

/** The daemon of the node that builds for `wanted`, as `assignNodes` chooses it. Rejects with `daemon.unreachable`. */
export async function chooseNode(
  builder: Builder,
  wanted: Platform | undefined,
  host: HostEnvironment,
  ask: AskPlatforms,
): Promise<Daemon> {
  const [share] = await assignNodes(builder, wanted === undefined ? [] : [wanted], host, ask);
  return nodeDaemon(builder, share.node, host);
}

/**
 * The nodes that build for `wanted`, each once, by the rules of buildx: a node that was created for a platform, else the
 * one whose workers do it best, else the first one. Rejects when that may be a node which does not answer.
 */
export async function assignNodes(
  builder: Builder,
  wanted: readonly Platform[],
  host: HostEnvironment,
  ask: AskPlatforms,
): Promise<readonly [NodeShare, ...NodeShare[]]> {
  const [first] = builder.nodes;
  if (first === undefined) throw new RangeError("a builder without nodes");
  if (wanted.length === 0 || builder.nodes.length === 1) return [{ node: first, platforms: wanted }];
  const isOpen = wanted.some((platform) => createdFor(builder, platform) === undefined);
  const able = isOpen ? await askNodes(builder, host, ask) : [];
  const shares = new Map<BuilderNode, Platform[]>();
  for (const platform of wanted) {
    const node = createdFor(builder, platform) ?? bestNode(able, platform) ?? firstOf(able) ?? first;
    shares.set(node, [...(shares.get(node) ?? []), platform]);
  }
  const [one = { node: first, platforms: wanted }, ...others] = [...shares].map(([node, platforms]) => ({
    node,
    platforms,
  }));
  return [one, ...others];
}

function createdFor({ nodes }: Builder, wanted: Platform): BuilderNode | undefined {
  const name = formatPlatform(wanted);
  return nodes.find(({ platforms }) => platforms.some((platform) => formatPlatform(platform) === name));
}

function askNodes(builder: Builder, host: HostEnvironment, ask: AskPlatforms): Promise<readonly AskedNode[]> {
  return Promise.all(
    builder.nodes.map(async (node) => {
      try {
        const asked = await ask(await nodeDaemon(builder, node, host));
        return { node, platforms: [...node.platforms, ...asked] };
      } catch (error) {
        // One that does not answer is no reason not to use another.
        return { node, platforms: node.platforms, error };
      }
    }),
  );
}

/** Where no node can do it, the first one; but not when one has not said what it can. */
function firstOf(able: readonly AskedNode[]): BuilderNode | undefined {
  for (const { node, error } of able) if (error !== undefined) throw onNode(error, node);
  return able[0]?.node;
}

/** Of nodes that can run `wanted`, the one whose own platform is nearest to it; of equal ones the first. */
function bestNode(able: readonly AskedNode[], wanted: Platform): BuilderNode | undefined {
  const candidates = able.flatMap(({ node, platforms }) =>
    platforms.filter((own) => isRunnableOn(own, wanted)).map((own) => ({ node, distance: distance(own, wanted) })),
  );
  return candidates.sort((left, right) => left.distance - right.distance)[0]?.node;
}

/** How many platforms run better than `wanted` on `own`. */
function distance(own: Platform, wanted: Platform): number {
  return acceptablePlatforms(own).findIndex((each) => formatPlatform(each) === formatPlatform(wanted));
}
