import { LuakitError } from "../diagnostic/luakit-error.ts";
import { callersOf, type Location, positionOf } from "../llb/location.ts";
import { sourceDetail } from "../rpc/source-detail.ts";
import { rpcError, statusOf } from "../rpc/status.ts";

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
  const own = places.map(sourceDetail).reverse();
  return rpcError({ ...status, details: [...own, ...status.details] });
}
