import type { HistoryEntry, ImageConfig } from "../image/config.ts";
import type { Mount } from "../llb/mount.ts";
import { imageReference } from "../llb/source-image.ts";
import type { State } from "../llb/state.ts";
import type { Output, Vertex } from "../llb/vertex.ts";
import type { BaseImages } from "./base-images.ts";
import { describeStep } from "./describe-step.ts";

/** Vertices that are looked at. No runtime takes as many layers; merges of merges may have any number. */
const most = 1000;

/**
 * The config of an image whose time is `epoch`, in seconds since 1970. An exporter only takes what is newer back to it:
 * the time at which a cached step was built would stay in the image, and make it another one than a fresh build.
 */
export function configAtEpoch(config: ImageConfig, epoch: number, result: State, images: BaseImages): ImageConfig {
  const created = new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
  const own = ownLayers(result, config.history ?? [], images);
  const history = own?.map((created_by): HistoryEntry => ({ created, created_by, comment: "luakit" }));
  return {
    ...config,
    created: config.created ?? created,
    history: history === undefined ? config.history : [...(config.history ?? []), ...history],
  };
}

/**
 * What made each layer that `known`, the history of the base image, says nothing of. Undefined where only the daemon
 * knows how many there are.
 */
function ownLayers(result: State, known: readonly HistoryEntry[], images: BaseImages): readonly string[] | undefined {
  const reversed: string[] = [];
  const open: Output[] = result.output === undefined ? [] : [result.output];
  let seen = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { op, inputs } = at.vertex;
    if (++seen > most || op.type === "diff" || op.type === "frontend" || op.type === "input") return undefined;
    if (op.type === "merge") {
      open.push(...inputs);
    } else if (op.type === "source") {
      const count = layersOf(at.vertex, images);
      if (count === undefined) return undefined;
      for (let layer = 0; layer < count; layer++) reversed.push(describeStep(at.vertex));
    } else {
      reversed.push(describeStep(at.vertex));
      const below = op.type === "exec" && at.index > 0 ? mountedAt(op.mounts[at.index - 1]) : op.state.output;
      if (below !== undefined) open.push(below);
    }
  }
  const told = known.filter(({ empty_layer }) => empty_layer !== true).length;
  return told > reversed.length ? undefined : reversed.reverse().slice(told);
}

function mountedAt(mount: Mount | undefined): Output | undefined {
  return mount?.type === "bind" ? mount.source.output : undefined;
}

/** The layers of a source: those of an image whose config is known, and one of anything else. */
function layersOf(vertex: Vertex, images: BaseImages): number | undefined {
  const { op } = vertex;
  if (op.type !== "source") return undefined;
  const isImage = imageReference(op) !== undefined || op.identifier.startsWith("oci-layout://");
  if (!isImage) return 1;
  return op.attributes.some(([key]) => key === "image.layerlimit")
    ? undefined
    : images.get(vertex)?.config.rootfs.diff_ids.length;
}
