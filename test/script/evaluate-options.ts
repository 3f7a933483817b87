import type { EvaluateOptions } from "../../src/script/evaluate.ts";

/** Options for a script without surroundings. */
export function evaluateOptions(data: string, more: Partial<EvaluateOptions> = {}): EvaluateOptions {
  const platform = { os: "linux", architecture: "amd64" };
  return {
    script: { name: "build.lua", data },
    path: "build.lua",
    modules: { find: () => ({ tried: [] }) },
    ignorePatterns: () => [],
    buildArguments: new Map(),
    hostVariable: () => undefined,
    hostHas: () => false,
    targetPlatform: platform,
    buildPlatform: platform,
    limits: { memory: 512 << 20, time: 10_000 },
    log: () => {},
    lastWords: ({ message }) => ({ bytes: new TextEncoder().encode(message), descriptor: 2, linger: 0 }),
    ...more,
  };
}

/** A module source that has one module. */
export function oneModule(name: string, data: string): Pick<EvaluateOptions, "modules"> {
  const file = { name: `${name}.lua`, data };
  return { modules: { find: (asked) => (asked === name ? { found: { file, path: file.name } } : { tried: [] }) } };
}
