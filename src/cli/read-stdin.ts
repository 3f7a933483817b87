import { readFileSync } from "node:fs";
import { cannotRead } from "../diagnostic/system-error.ts";

/** All of stdin. Throws "file.read", as for a directory. */
export function readStdin(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    throw cannotRead("stdin", error);
  }
}
