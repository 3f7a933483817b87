import { type Stats, statSync } from "node:fs";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError, isGone } from "../diagnostic/system-error.ts";

/** What is at a path; undefined when nothing is, or nothing that we may look at. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A part of the path is a file, or may not be looked into: for us there is nothing.
    return undefined;
  }
}

/** What is at a path, undefined when nothing is; throws what `refuse` makes of the reason when it may not be looked at. */
export function lookAt(path: string, refuse: (reason: string, cause: unknown) => LuakitError): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw refuse(describeSystemError(error), error);
  }
}
