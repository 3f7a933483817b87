import { entitlementsOf, missingEntitlements } from "../client/entitlement.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Definition } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";

/** Refuses a graph whose steps need what `--allow` does not grant, at the line of the step, before the daemon does. */
export function checkEntitlements(definition: Definition, allowed: readonly string[]): void {
  const needed = entitlementsOf(definition.ops);
  // The daemon gives some devices away freely, and only it knows which.
  needed.delete("device");
  const [name] = missingEntitlements(needed.keys(), allowed);
  if (name === undefined) return;
  const error = new LuakitError("build.entitlement", `a step needs the entitlement ${name}`, {
    hint: `if that is meant, add --allow ${name}`,
  });
  const location = needed.get(name)?.locations[0];
  throw location === undefined ? error : error.at(positionOf(location), callersOf(location));
}
