import { readFileSync } from "node:fs";
import { cannotRead } from "../diagnostic/system-error.ts";
import { decodeScript } from "../script/decode-script.ts";

/** The text of a script or a test file at `path`; `name` is how errors call it. Throws "file.read". */
export function readLua(name: string, path: string): string {
  try {
    return decodeScript(name, readFileSync(path));
  } catch (error) {
    throw cannotRead(`"${name}"`, error);
  }
}
