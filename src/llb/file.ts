import type { MkdirAction, MkfileAction, RmAction, SymlinkAction } from "./action.ts";
import type { CopyAction } from "./action-copy.ts";
import { invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { metadataOf } from "./metadata.ts";
import type { Owner } from "./owner.ts";
import { type State, withOutput } from "./state.ts";
import type { Output, Vertex } from "./vertex.ts";

/** One step of a file op. Relative paths are below the working directory of the state that the op is on. */
export type FileAction = CopyAction | MkdirAction | MkfileAction | RmAction | SymlinkAction;

/** Changes of files without a container; each action works on what the one before it left. */
export interface FileOp {
  readonly type: "file";
  readonly actions: readonly FileAction[];
  /** What the first action works on, and whose working directory relative paths are below. */
  readonly state: State;
}

/** Applies actions to a state, as one op. */
export function fileOp(state: State, actions: readonly FileAction[], context: Context): State {
  if (actions.length === 0) throw invalid("a file op needs an action");
  const inputs: Output[] = state.output === undefined ? [] : [state.output];
  // Go's client walks the sources of copies from the last action to the first.
  for (let at = actions.length - 1; at >= 0; at--) {
    const action = actions[at];
    if (action === undefined) continue;
    if (action.type === "copy" && action.from.output !== undefined) inputs.push(action.from.output);
    if (action.type !== "rm") checkOwner(state, action.owner);
  }
  const { location, noCache } = context;
  const vertex: Vertex = { op: { type: "file", actions, state }, inputs, metadata: metadataOf({ noCache }), location };
  return withOutput(state, { vertex, index: 0 });
}

function checkOwner(state: State, owner: Owner | undefined): void {
  if (owner === undefined || state.output !== undefined) return;
  for (const name of [owner.user, owner.group]) {
    if (typeof name !== "string") continue;
    throw invalid(`owner: scratch has no /etc/passwd that knows "${name}"`, "use numeric ids");
  }
}
