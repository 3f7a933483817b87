import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { cannotRead } from "../diagnostic/system-error.ts";

/** The `.lua` files below a directory, by name; what is hidden, `node_modules` and links are left out. Throws "file.read". */
export function luaFiles(directory: string): readonly string[] {
  return list(directory)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => luaFilesOf(entry, join(directory, entry.name)));
}

function luaFilesOf(entry: Dirent, path: string): readonly string[] {
  if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
  if (entry.isDirectory()) return luaFiles(path);
  return entry.isFile() && entry.name.endsWith(".lua") ? [path] : [];
}

function list(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw cannotRead(`the directory "${directory}"`, error);
  }
}
