import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Definition } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";

/** Refuses a graph that needs what a daemon has not, at the line that needs it. `supported` is undefined when unknown. */
export function checkCaps(definition: Definition, supported: ReadonlySet<string> | undefined): void {
  if (supported === undefined) return;
  for (const { caps, locations } of definition.ops) {
    const missing = caps.find((cap) => !supported.has(cap));
    if (missing === undefined) continue;
    const error = new LuakitError("llb.unsupported", `the BuildKit daemon does not support "${missing}"`, {
      hint: "a newer BuildKit has it",
    });
    const [location] = locations;
    throw location === undefined ? error : error.at(positionOf(location), callersOf(location));
  }
}
