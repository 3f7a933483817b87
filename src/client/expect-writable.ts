import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "../diagnostic/system-error.ts";
import { toByteString } from "../session/fsutil/byte-string.ts";
import { fileError } from "../session/fsutil/file-error.ts";
import { statOf } from "./path-stat.ts";

/**
 * Refuses a directory that can neither be written to nor made, before hours of work go into what is to be in it. One that
 * is there and not ours may have directories that are. Throws "file.write".
 */
export function expectWritable(directory: string): void {
  let place = directory;
  while (!existsSync(place) && place !== dirname(place)) place = dirname(place);
  if (statOf(place)?.isDirectory() !== true) {
    const cause = Object.assign(new Error(`${place} is no directory`), { code: "ENOTDIR" });
    throw fileError("file.write", "write", toByteString(directory), cause);
  }
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (place === directory && errorCode(error) !== "EROFS") return;
    throw fileError("file.write", "write", toByteString(directory), error);
  }
}
