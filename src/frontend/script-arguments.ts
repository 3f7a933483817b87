import { type RawOptions, withPrefix } from "./option-value.ts";

/** Options that are for frontends, and so are no arguments of a script where they stand without `build-arg:`. */
const reserved: ReadonlySet<string> = new Set([
  "add-hosts",
  "cache-from",
  "cache-imports",
  "cgroup-parent",
  "cmdline",
  "context",
  "contextkey",
  "contextsubdir",
  "cpuperiod",
  "cpuquota",
  "cpusetcpus",
  "cpusetmems",
  "cpushares",
  "dockerfilekey",
  "filename",
  "force-network-mode",
  "frontend.caps",
  "gateway-devel",
  "hostname",
  "image-resolve-mode",
  "luakit-nesting",
  "memory",
  "memswap",
  "multi-platform",
  "no-cache",
  "override-copy-image",
  "platform",
  "requestid",
  "shm-size",
  "source",
  "target",
  "ulimit",
]);

/**
 * What a script sees as build arguments: all of `build-arg:NAME`, those that mean something to frontends too, and before
 * them options that are nothing but a NAME.
 */
export function readScriptArguments(options: RawOptions): ReadonlyMap<string, string> {
  const contextKey = options.get("contextkey");
  const bare = [...options].filter(
    ([name]) => !name.includes(":") && !reserved.has(name) && name !== contextKey && name !== "",
  );
  return new Map([...bare, ...withPrefix(options, "build-arg:")]);
}
