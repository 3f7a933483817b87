import { mkdirAction } from "./action.ts";
import { fileOp } from "./file.ts";
import type { Context } from "./location.ts";
import { cleanPath } from "./path.ts";
import { type State, withDir } from "./state.ts";

/** Sets the working directory and makes it, as WORKDIR does: it belongs to the user of the state. */
export function makeDir(state: State, dir: string, context: Context): State {
  const inside = withDir(state, dir);
  if (inside.dir !== undefined && cleanPath(inside.dir) === "/") return inside;
  return fileOp(inside, [mkdirAction(".", { makeParents: true, ownedByUser: true })], context);
}
