import { readFileSync } from "node:fs";
import path from "#licenses" with { type: "file" };

/** The licences of what the executable contains, with their texts; only luakit's own when run from source. */
export function licenses(): string {
  return readFileSync(path, "utf8");
}
