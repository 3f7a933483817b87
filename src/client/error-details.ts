import type { Position } from "../diagnostic/luakit-error.ts";
import { failedVertexOf, sourcesOf } from "../rpc/error-details.ts";
import type { StatusDetail } from "../rpc/status.ts";

/** What the details of a failed build's status tell of the place where it failed. */
export interface ErrorDetails {
  /** Digest of the vertex that failed. */
  readonly vertex: string | undefined;
  /** The places in scripts or Dockerfiles that made it, with their whole text; callers come after what they called. */
  readonly sources: readonly Position[];
}

/** Reads what BuildKit says of an error as places that can be shown. What is not known is passed over. */
export function readErrorDetails(details: readonly StatusDetail[]): ErrorDetails {
  // A daemon wraps an error in one place after the other, and writes what it wrapped last first.
  const sources = sourcesOf({ details }).flatMap(placeOf).reverse();
  return { vertex: failedVertexOf({ details }), sources };
}

// Further ranges are further lines of the same instruction.
function placeOf({ info, ranges }: ReturnType<typeof sourcesOf>[number]): readonly Position[] {
  if (info === undefined) return [];
  const source = new TextDecoder().decode(info.data);
  const line = ranges.find(({ start }) => start !== undefined && start.line >= 1)?.start?.line;
  return line === undefined ? [] : [{ file: info.filename, line, source }];
}
