import type { Position } from "../diagnostic/luakit-error.ts";
import type { Source } from "../gen/errdefs.ts";
import { detailsOf } from "../rpc/error-details.ts";
import type { StatusDetail } from "../rpc/status.ts";

/** What the details of a failed build's status tell of the place where it failed. */
export interface ErrorDetails {
  /** Digest of the vertex that failed. */
  readonly vertex: string | undefined;
  /** The places in scripts or Dockerfiles that made it, with their whole text; the callers of a place follow it. */
  readonly sources: readonly Position[];
}

/** Reads what is known of the details of a BuildKit error. */
export function readErrorDetails(details: readonly StatusDetail[]): ErrorDetails {
  const known = detailsOf({ details });
  return {
    vertex: known.flatMap((detail) => (detail.kind === "vertex" ? [detail.value.digest] : []))[0],
    sources: known.flatMap((detail) => (detail.kind === "source" ? placesOf(detail.value) : [])),
  };
}

function placesOf({ info, ranges }: Source): readonly Position[] {
  if (info === undefined) return [];
  const source = new TextDecoder().decode(info.data);
  return ranges.flatMap(({ start }) =>
    start === undefined ? [] : [{ file: info.filename, line: start.line, source }],
  );
}
