import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/** The `.lua` files below a directory, by name; what is hidden, `node_modules` and links are left out. */
export function luaFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => luaFilesOf(entry, join(directory, entry.name)));
}

function luaFilesOf(entry: Dirent, path: string): readonly string[] {
  if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
  if (entry.isDirectory()) return luaFiles(path);
  return entry.isFile() && entry.name.endsWith(".lua") ? [path] : [];
}
