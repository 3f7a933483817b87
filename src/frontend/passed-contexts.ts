import type { Gateway } from "../gateway/gateway.ts";
import { Definition } from "../gen/ops.ts";
import type { NamedContexts } from "../script/define-build.ts";
import type { RawOptions } from "./option-value.ts";

/** Without it a `#syntax` line of a Dockerfile could name a frontend that takes no notice of contexts. */
const required = "moby.buildkit.frontend.contexts+forward";

/** The options that say what named contexts are; none without any. */
export function contextOptions(options: RawOptions): RawOptions {
  const isContext = ([name]: readonly [string, string]) => name.startsWith("context:");
  const known = /^(context|input-metadata|local-sessionid|sharedkey:localdir):/;
  const given = [...options];
  return new Map(given.some(isContext) ? given.filter(([name]) => known.test(name)) : []);
}

/**
 * The client's named contexts for a Dockerfile that the script builds; undefined: it has none. `options` are those of
 * `contextOptions`. Inputs are called
 * otherwise, as that Dockerfile has inputs of its own.
 */
export function passedContexts(
  gateway: Pick<Gateway, "inputs">,
  options: RawOptions,
): (() => Promise<NamedContexts>) | undefined {
  const given = [...options];
  const wanted = given.flatMap(([name, value]) =>
    name.startsWith("context:") && value.startsWith("input:") ? [value.slice("input:".length)] : [],
  );
  if (given.length === 0) return undefined;
  return async () => ({
    options: { ...Object.fromEntries(given.map(renamed)), "frontend.caps": required },
    inputs: wanted.length === 0 ? {} : await readInputs(gateway, wanted),
  });
}

function renamed([name, value]: readonly [string, string]): readonly [string, string] {
  if (name.startsWith("input-metadata:")) return [name.replace(":", ":client."), value];
  return [name, name.startsWith("context:") ? value.replace(/^input:/, "input:client.") : value];
}

/** Those that the client does not give are for the Dockerfile's frontend to miss, if it needs them. */
async function readInputs(
  gateway: Pick<Gateway, "inputs">,
  wanted: readonly string[],
): Promise<Readonly<Record<string, Uint8Array>>> {
  const inputs = await gateway.inputs();
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const definition = inputs.get(name);
      return definition === undefined ? [] : [[`client.${name}`, Definition.encode(definition)] as const];
    }),
  );
}
