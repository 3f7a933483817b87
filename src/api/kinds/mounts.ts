import { LuakitError } from "../../diagnostic/luakit-error.ts";
import type { Mount } from "../../llb/mount.ts";
import type { State } from "../../llb/state.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import { handle } from "../../lua/handle.ts";
import type { Kind } from "../../lua/kind.ts";
import { list } from "../../lua/table.ts";
import { mountHandle, stateHandle } from "../handles.ts";

const single = refine(
  oneOf(handle(mountHandle), handle(stateHandle)),
  { type: "Mount", expected: "Mount" },
  (value: Mount | State) => {
    if ("type" in value) return value;
    throw new LuakitError("script.argument", "expected Mount, got State", { hint: 'write bk.bind(state, "/path")' });
  },
);

/** A list of mounts. A State among them is answered with the call that makes a mount of it. */
export const mounts: Kind<readonly Mount[]> = refine(
  oneOf(list(single), handle(mountHandle)),
  { type: "Mount[]", expected: "list of Mount" },
  (value: readonly Mount[] | Mount) => {
    if (isList(value)) return value;
    throw new LuakitError("script.argument", "expected list of Mount, got Mount", { hint: "write mounts = {mount}" });
  },
);

function isList(value: readonly Mount[] | Mount): value is readonly Mount[] {
  return Array.isArray(value);
}
