import { LuakitError } from "../diagnostic/luakit-error.ts";
import { adviseNewer } from "../llb/daemon-version.ts";
import type { Definition, DefinitionOp } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";

/** Symbolic modes came together with this, and no daemon tells about them. One that does not know them keeps modes. */
const witnessOfModes = "exec.validexitcode";

/** Refuses a graph that needs what a daemon has not, at the line that needs it. `supported` is undefined when unknown. */
export function checkCaps(definition: Definition, supported: ReadonlySet<string> | undefined): void {
  if (supported === undefined) return;
  for (const op of definition.ops) {
    const missing = missingCap(op, supported);
    if (missing === undefined) continue;
    const error = new LuakitError("llb.unsupported", `the BuildKit daemon does not support "${missing}"`, {
      hint: adviseNewer(missing),
    });
    const [location] = op.locations;
    throw location === undefined ? error : error.at(positionOf(location), callersOf(location));
  }
}

function missingCap({ caps, vertex }: DefinitionOp, supported: ReadonlySet<string>): string | undefined {
  const missing = caps.find((cap) => !supported.has(cap));
  if (missing !== undefined || supported.has(witnessOfModes) || vertex.op.type !== "file") return missing;
  const symbolic = vertex.op.actions.some((action) => action.type === "copy" && typeof action.mode === "string");
  return symbolic ? "file.copy.modestring" : undefined;
}
