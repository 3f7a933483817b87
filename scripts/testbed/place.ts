import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

/** Absolute directories of one checkout's testbed. `state` goes with `down`, `cache` stays. */
export interface Place {
  readonly checkout: string;
  readonly scripts: string;
  readonly cache: string;
  readonly state: string;
}

/** The place that belongs to this checkout: two checkouts never share a state directory. */
export function findPlace(): Place {
  const scripts = resolve(import.meta.dir);
  const checkout = resolve(scripts, "../..");
  const { LUAKIT_TESTBED_CACHE, XDG_CACHE_HOME } = process.env;
  const caches = XDG_CACHE_HOME || join(homedir(), ".cache");
  return {
    checkout,
    scripts,
    cache: resolve(LUAKIT_TESTBED_CACHE || join(caches, "luakit-testbed")),
    // A unix socket's path has at most 107 bytes, so the checkout's own path cannot be part of it.
    state: join(tmpdir(), `luakit-testbed-${shortHash(checkout)}`),
  };
}

/** Eight hex digits that stand for `text`. */
export function shortHash(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** Changes whenever one of `names` (files, or whole directories) below `directory` changes its content. */
export function hashFiles(directory: string, names: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of names.flatMap((name) => listFiles(join(directory, name))).sort()) {
    hash.update(`${relative(directory, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

function listFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => listFiles(join(path, name)));
}
