import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { cannotRead } from "../diagnostic/system-error.ts";

/** A folder that a script is written for, as far as it says what is built there. */
export interface Folder {
  /** Its own name, as one that an image can have. */
  readonly name: string;
  has(name: string): boolean;
  /** The text of a file, undefined when there is none. */
  read(name: string): string | undefined;
  /** The names in it or in a folder below it, in order; none when there is no such folder. */
  list(name?: string): readonly string[];
}

/** The folder at an absolute path, which may not be there yet. */
export function openFolder(path: string): Folder {
  return {
    name: imageName(path.replace(/^.*[\\/]/, "")),
    has: (name) => statSync(join(path, name), { throwIfNoEntry: false }) !== undefined,
    read: (name) => readText(join(path, name)),
    list: (name = ".") => {
      const directory = statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
      return directory ? readdirSync(join(path, name)).sort() : [];
    },
  };
}

function readText(path: string): string | undefined {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined || !entry.isFile()) return undefined;
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw cannotRead(`"${path}"`, error);
  }
}

/** Text as the name of an image: `my-app` of `My App`. */
export function imageName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "app" : name;
}
