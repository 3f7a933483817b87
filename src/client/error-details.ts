import type { Position } from "../diagnostic/luakit-error.ts";
import { failedVertexOf, sourcesOf } from "../rpc/error-details.ts";
import type { StatusDetail } from "../rpc/status.ts";

/** What the details of a failed build's status tell of the place where it failed. */
export interface ErrorDetails {
  /** Digest of the vertex that failed. */
  readonly vertex: string | undefined;
  /** The places in scripts or Dockerfiles that made it, with their whole text. */
  readonly sources: readonly Position[];
}

/** Reads what BuildKit says of an error as places that can be shown. What is not known is passed over. */
export function readErrorDetails(details: readonly StatusDetail[]): ErrorDetails {
  return { vertex: failedVertexOf({ details }), sources: sourcesOf({ details }).flatMap(placesOf) };
}

function placesOf({ info, ranges }: ReturnType<typeof sourcesOf>[number]): readonly Position[] {
  if (info === undefined) return [];
  const source = new TextDecoder().decode(info.data);
  return ranges.flatMap(({ start }) =>
    start === undefined || start.line < 1 ? [] : [{ file: info.filename, line: start.line, source }],
  );
}
