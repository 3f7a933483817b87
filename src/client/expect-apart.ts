import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { CacheEntry } from "./cache.ts";
import type { Output } from "./output.ts";
import { statOf } from "./path-stat.ts";
import { fileFlags, type ResultFiles } from "./result-files.ts";

interface Place {
  /** The flag that named it. */
  readonly flag: string;
  readonly path: string;
  /** It is written while outputs are: an output that removes everything else would remove it. */
  readonly isEarly: boolean;
}

/** Everything that a build writes has a place of its own, also when an output empties its directory. Throws "usage". */
export function expectApart(outputs: readonly Output[], caches: readonly CacheEntry[], files: ResultFiles): void {
  const places = [...placesOf(outputs, caches), ...filePlaces(files)];
  for (const [index, { flag, path }] of places.entries()) {
    const other = places.slice(0, index).find((each) => each.path === path);
    if (other === undefined || isDevice(path)) continue;
    throw new LuakitError("usage", `--${flag}: "${path}" is also what --${other.flag} writes`);
  }
  for (const { destination } of outputs) {
    if (destination.kind !== "directory" || destination.mode !== "delete") continue;
    const inside = places.find(({ path, isEarly }) => isEarly && path.startsWith(`${destination.path}/`));
    if (inside === undefined) continue;
    throw new LuakitError(
      "usage",
      `--${inside.flag}: "${inside.path}" lies in "${destination.path}", where mode=delete removes what the result does not have`,
    );
  }
}

function placesOf(outputs: readonly Output[], caches: readonly CacheEntry[]): Place[] {
  const written = outputs.flatMap(({ destination }): Place[] =>
    "path" in destination ? [{ flag: "output", path: destination.path, isEarly: true }] : [],
  );
  const kept = caches.flatMap(({ path }): Place[] =>
    path === undefined ? [] : [{ flag: "cache-to", path, isEarly: true }],
  );
  return [...written, ...kept];
}

function filePlaces(files: ResultFiles): Place[] {
  const keys = ["metadata", "imageId", "ref", "trace", "report"] as const;
  return keys.flatMap((key) => {
    const path = files[key];
    return path === undefined ? [] : [{ flag: fileFlags[key], path, isEarly: key === "ref" || key === "trace" }];
  });
}

/** `/dev/stderr` takes what comes. */
function isDevice(path: string): boolean {
  const found = statOf(path);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
