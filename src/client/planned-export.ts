import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { BuildRequest } from "./build-request.ts";
import type { Destination } from "./destination.ts";
import type { Output } from "./output.ts";

/** One exporter of a request, and what the client does with what it sends. */
export interface PlannedExport {
  /** The daemon's word: `moby` is a Docker Engine's own image exporter. */
  readonly type: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly destination: Destination;
  /** Names that the engine pushes when the build is over, for its exporter cannot. */
  readonly push?: readonly string[];
}

export interface ExportPlan {
  readonly exports: readonly PlannedExport[];
  readonly warnings: readonly string[];
}

/** The form of an archive that a Docker Engine loads; `oci` for one whose images are in containerd. */
export type LoadForm = "docker" | "oci";

const imageDigest = "prefer-image-digest";

/** Marks an export whose image docker finds by the digest of its manifest or index, and not of its config. */
export const byImageDigest: readonly (readonly [string, string])[] = [[imageDigest, "true"]];

/** An archive to load: only `oci` holds an index. Throws "usage". */
export function planLoad({ platforms, attestations }: BuildRequest, output: Output, loadAs: LoadForm): PlannedExport {
  if (loadAs === "oci") {
    return { ...output, type: loadAs, attributes: new Map([...byImageDigest, ...output.attributes]) };
  }
  if (platforms.length < 2 && attestations.size === 0) return output;
  const what = platforms.length < 2 ? "attestations" : "several platforms";
  throw new LuakitError("usage", `the Docker Engine that loads the image cannot hold ${what}`, {
    hint: "turn its containerd image store on, or push the image, or write type=oci,dest=FILE",
  });
}

/** What the daemon said, without the config's digest where docker knows the image by another: then that is its id. */
export function describeExports(
  exports: readonly PlannedExport[],
  response: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!exports.some(({ attributes }) => attributes.get(imageDigest) === "true")) return response;
  return Object.fromEntries(Object.entries(response).filter(([key]) => key !== "containerimage.config.digest"));
}
