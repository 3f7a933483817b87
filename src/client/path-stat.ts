import { type Stats, statSync } from "node:fs";

/** What is at a path; undefined when nothing is, or nothing that we may look at. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A part of the path is a file, or may not be looked into: for us there is nothing.
    return undefined;
  }
}
