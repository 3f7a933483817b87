import { LuakitError } from "../../diagnostic/luakit-error.ts";
import type { Mount } from "../../llb/mount.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import { handle } from "../../lua/handle.ts";
import { type Kind, Mismatch, mismatch } from "../../lua/kind.ts";
import { list } from "../../lua/table.ts";
import { mountHandle, stateHandle } from "../handles.ts";

const mount = handle(mountHandle);

const single: Kind<Mount> = {
  type: "Mount",
  expected: "Mount",
  accepts: mount.accepts,
  parts: [mount, handle(stateHandle)],
  matches: (stack, slot) => stack.handle(slot) !== undefined,
  read(stack, slot) {
    const found = stack.handle(slot);
    if (found === undefined) throw mismatch("Mount", stack, slot);
    const value = mountHandle.valueOf(found);
    if (value !== undefined) return value;
    if (found.type !== stateHandle) throw mismatch("Mount or State", stack, slot);
    throw new Mismatch("expected Mount, got State", "script.argument", 'write bk.bind(state, "/path")');
  },
};

/** A list of mounts. A State among them is answered with the call that makes a mount of it. */
export const mounts: Kind<readonly Mount[]> = refine(
  oneOf(list(single), mount),
  { type: "Mount[]", expected: "list of Mount" },
  (value: readonly Mount[] | Mount) => {
    if (isList(value)) return value;
    throw new LuakitError("script.argument", "expected list of Mount, got Mount", { hint: "write mounts = {mount}" });
  },
);

function isList(value: readonly Mount[] | Mount): value is readonly Mount[] {
  return Array.isArray(value);
}
