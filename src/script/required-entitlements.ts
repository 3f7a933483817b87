import { entitlementsOf, entitlementsOfEncoded, missingEntitlements } from "../client/entitlement.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { bytesOf, type Definition } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";

/** Refuses a graph whose steps need what `--allow` does not grant, at the line of the step, before the daemon does. */
export function checkEntitlements(definition: Definition, allowed: readonly string[]): void {
  const needed = entitlementsOf(definition.ops);
  for (const op of definition.ops) {
    // What somebody else made is here as bytes only.
    if (op.vertex.op.type !== "frontend" && op.vertex.op.type !== "input") continue;
    for (const name of entitlementsOfEncoded([bytesOf(definition, op)])) if (!needed.has(name)) needed.set(name, op);
  }
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
