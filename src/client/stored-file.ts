import { readdirSync, readFileSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError, isGone } from "../diagnostic/system-error.ts";

/** What docker or buildx keeps in a file; undefined when there is none. Throws "daemon.unreachable" when it may not be read. */
export function readStored(path: string): string | undefined {
  return attempt(path, () => readFileSync(path, "utf8"));
}

/** The names in a directory of theirs, in order; none when it is not there. Throws "daemon.unreachable". */
export function listStored(path: string): readonly string[] {
  return attempt(path, () => readdirSync(path).sort()) ?? [];
}

function attempt<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (cause) {
    if (isGone(cause)) return undefined;
    throw new LuakitError("daemon.unreachable", `cannot read ${path}: ${describeSystemError(cause)}`, { cause });
  }
}
