import { type ProxyEnv, proxyKeys } from "../llb/proxy-env.ts";
import type { StepDefaults } from "../llb/step-defaults.ts";

type Arguments = ReadonlyMap<string, string>;

/**
 * The proxy that build arguments name, as Docker's clients give it: `http_proxy` and the like in upper or lower case, of
 * which the lower goes before the upper. Scripts need not declare them.
 */
export function proxyOf(given: Arguments): ProxyEnv | undefined {
  const proxy: { -readonly [K in keyof ProxyEnv]: ProxyEnv[K] } = {};
  for (const [name, value] of proxyArguments(given)) {
    const key = keyOf(name);
    if (key !== undefined) proxy[key] = value;
  }
  return Object.keys(proxy).length === 0 ? undefined : proxy;
}

/** What steps get of it. */
export function proxySteps(given: Arguments): StepDefaults | undefined {
  const proxy = proxyOf(given);
  return proxy === undefined ? undefined : { proxy };
}

/** The same as options of another frontend. */
export function proxyOptions(given: Arguments): Readonly<Record<string, string>> {
  return Object.fromEntries(proxyArguments(given).map(([name, value]) => [`build-arg:${name}`, value]));
}

function proxyArguments(given: Arguments): readonly (readonly [string, string])[] {
  return [...given].filter(([name]) => keyOf(name) !== undefined).sort(([left], [right]) => (left < right ? -1 : 1));
}

function keyOf(name: string): keyof ProxyEnv | undefined {
  return proxyKeys.find((key) => `${key}_proxy` === name.toLowerCase());
}
