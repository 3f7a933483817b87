import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { GatewayResult, Reference } from "../gateway/result.ts";
import { frontendFunction } from "../llb/frontend.ts";
import { formatPlatform, normalizePlatform, type Platform, parsePlatform } from "../oci/platform.ts";
import type { FrontendVertex } from "./frontend-vertices.ts";

/** One platform's part of what a frontend gave. */
export interface FrontendResult {
  readonly reference: Reference;
  /** JSON of the image's config, and of the config of the image that it is based on. */
  readonly config: Uint8Array | undefined;
  readonly baseConfig: Uint8Array | undefined;
}

/** The part of a result that is for a platform. */
export function chooseResult(
  { reference, references, metadata }: GatewayResult,
  { op }: FrontendVertex,
  platform: Platform,
): FrontendResult {
  if (references.size === 0) {
    if (reference === undefined) throw failure(`${frontendFunction(op)}: the frontend gave no result`);
    return resultOf(reference, metadata, "");
  }
  const wanted = formatPlatform(normalizePlatform(platform));
  for (const [id, each] of references) {
    if (canonical(id) === wanted) return resultOf(each, metadata, `/${id}`);
  }
  const ids = [...references.keys()].sort().join(", ");
  throw failure(`${frontendFunction(op)}: the frontend gave no result for ${wanted}, but for ${ids}`);
}

function resultOf(reference: Reference, metadata: GatewayResult["metadata"], suffix: string): FrontendResult {
  return {
    reference,
    config: metadata[`containerimage.config${suffix}`],
    baseConfig: metadata[`containerimage.base.config${suffix}`],
  };
}

function canonical(id: string): string {
  return /^[^/]+\/[^/]+(\/[^/]+)?$/.test(id) ? formatPlatform(parsePlatform(id)) : id;
}

function failure(message: string): LuakitError {
  return new LuakitError("llb.unsupported", message);
}
