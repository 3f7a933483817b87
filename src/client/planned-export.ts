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
}

export interface ExportPlan {
  readonly exports: readonly PlannedExport[];
  readonly warnings: readonly string[];
}

/** The form of an archive that a Docker Engine loads; `oci` for one whose images are in containerd. */
export type LoadForm = "docker" | "oci";

/** An archive to load: only `oci` holds an index. Throws "usage". */
export function planLoad({ platforms, attestations }: BuildRequest, output: Output, loadAs: LoadForm): PlannedExport {
  if (loadAs === "oci" || (platforms.length < 2 && attestations.size === 0)) return { ...output, type: loadAs };
  const what = platforms.length < 2 ? "attestations" : "several platforms";
  throw new LuakitError("usage", `the Docker Engine that loads the image cannot hold ${what}`, {
    hint: "turn its containerd image store on, or push the image, or write type=oci,dest=FILE",
  });
}
