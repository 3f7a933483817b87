import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { cannotRead, errorCode } from "../diagnostic/system-error.ts";
import { applyEditorConfig, parseEditorConfig, propertiesOf } from "./editor-config.ts";
import { defaultStyle, type Style } from "./style.ts";
import { parseStyleFile } from "./style-file.ts";

/**
 * The style of a file, found as StyLua finds it: `stylua.toml` or `.stylua.toml` beside the file or above it, up to the
 * working directory; else the `.editorconfig` files beside it and above.
 */
export function findStyle(path: string, cwd: string): Style {
  for (const directory of directoriesUp(dirname(path), cwd)) {
    for (const name of ["stylua.toml", ".stylua.toml"]) {
      const text = readIfThere(join(directory, name));
      if (text !== undefined) return parseStyleFile(relative(cwd, join(directory, name)) || name, text);
    }
  }
  return applyEditorConfig(defaultStyle, editorProperties(path));
}

/** A directory and those above it; the last one is `end` if that is above, else there is just the first. */
function directoriesUp(directory: string, end: string): readonly string[] {
  const found = [directory];
  const inside = directory === end || directory.startsWith(end.endsWith(sep) ? end : end + sep);
  for (let at = directory; inside && at !== end; found.push(at)) at = dirname(at);
  return found;
}

function editorProperties(path: string): ReadonlyMap<string, string> {
  const layers: ReadonlyMap<string, string>[] = [];
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const text = readIfThere(join(directory, ".editorconfig"));
    if (text !== undefined) {
      const config = parseEditorConfig(text);
      layers.unshift(propertiesOf(config, relative(directory, path).split(sep).join("/")));
      if (config.root) break;
    }
    if (dirname(directory) === directory) break;
  }
  return new Map(layers.flatMap((layer) => [...layer]));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "EISDIR", "EACCES"].includes(errorCode(cause))) return undefined;
    throw cannotRead(`"${path}"`, cause);
  }
}
