import { statSync } from "node:fs";

/** What tells one state of a file from another; "absent" where there is no file. */
export type FileMark = string;

export function markFile(path: string): FileMark {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch {
    return "absent"; // Or not to be read, which is the same to a build.
  }
}
