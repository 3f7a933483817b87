import type { MergedIndex } from "../image/merge-index.ts";
import { formatPlatform } from "../oci/platform.ts";
import type { PoolNode } from "./builder-pool.ts";
import type { IndexPush } from "./pool-request.ts";

export type Response = Readonly<Record<string, string>>;

/** What a build of several nodes says, as one daemon would: the index, and what each node said of its part. */
export function poolResponse(
  nodes: readonly PoolNode[],
  responses: readonly Response[],
  ref: string,
  pushed?: { readonly push: IndexPush; readonly index: MergedIndex },
): Response {
  const parts = nodes.map(({ node, platforms }, place) => [
    node.name,
    { platforms: platforms.map(formatPlatform), ref, ...decodeDescriptor(responses[place] ?? {}) },
  ]);
  return {
    ...(pushed === undefined ? {} : describeIndex(pushed.push, pushed.index)),
    "luakit.nodes": base64(Object.fromEntries(parts)),
  };
}

function describeIndex({ names }: IndexPush, { mediaType, digest, bytes }: MergedIndex): Response {
  return {
    "containerimage.digest": digest,
    "containerimage.descriptor": base64({ mediaType, digest, size: bytes.length }),
    "image.name": names.join(","),
  };
}

/** Within the base64 of the whole a descriptor need not be base64 once more. */
function decodeDescriptor({ "containerimage.descriptor": descriptor, ...response }: Response): object {
  if (descriptor === undefined) return response;
  return { ...response, "containerimage.descriptor": JSON.parse(Buffer.from(descriptor, "base64").toString("utf8")) };
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}
