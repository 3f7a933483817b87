import { LuakitError } from "../diagnostic/luakit-error.ts";
import { callersOf, type Location, positionOf } from "../llb/location.ts";
import { rpcError, type StatusDetail, statusOf } from "../rpc/status.ts";

/**
 * The error of a frontend with the script's line that asked for it: as the caller of the line of the frontend's own
 * file, such as the Dockerfile, when the error tells that.
 */
export function frontendError(error: unknown, location: Location | undefined): unknown {
  if (!(error instanceof LuakitError) || location === undefined) return error;
  const places = [positionOf(location), ...callersOf(location)];
  const status = statusOf(error);
  if (status === undefined) return error.at(positionOf(location), callersOf(location));
  // The daemon writes the places of a step last to first too.
  const own = places.map(({ file, line, source = "" }) => sourceDetail(file, line, source)).reverse();
  return rpcError({ ...status, details: [...own, ...status.details] });
}

// As BuildKit writes it: see decodeDetail.
function sourceDetail(filename: string, line: number, source: string): StatusDetail {
  const info = { filename, data: Buffer.from(source).toString("base64"), language: "Lua" };
  const value = { info, ranges: [{ start: { line }, end: { line } }] };
  return {
    type: "github.com/moby/buildkit/errdefs.Source+json",
    value: new TextEncoder().encode(JSON.stringify(value)),
  };
}
