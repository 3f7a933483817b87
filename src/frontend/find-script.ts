import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ScriptFile } from "../lua/position.ts";
import { decodeScript } from "../script/decode-script.ts";
import { checkIgnorePatterns } from "../script/ignore-file.ts";
import type { FileRoot } from "./file-root.ts";
import type { FileTree } from "./file-tree.ts";

/** A script, and where it was. */
export interface FoundFile {
  /** Its name is its path. */
  readonly file: ScriptFile;
  readonly root: FileRoot;
  /** The digest of the vertex that reads it. */
  readonly vertex: string;
  /** The patterns of the ignore file beside it; absent when there is none. */
  readonly ignorePatterns: readonly string[] | undefined;
}

/**
 * Looks for a script. A directory that is not there leads on to the next one; so does the context's without the file,
 * but not one that the client sends for the script alone.
 */
export async function findScript(filename: string, roots: readonly FileRoot[]): Promise<FoundFile> {
  const tried: string[] = [];
  for (const [index, root] of roots.entries()) {
    const ignoreName = `${filename}.dockerignore`;
    const lower = inLowerCase(filename);
    const tree = root.open({
      paths: [filename, ignoreName, ...lower],
      title: `[internal] load build definition from ${filename}`,
    });
    const [data, ignore] = await Promise.all([readFirst(tree, [filename, ...lower]), tree.read(ignoreName)]);
    if (typeof data === "object") {
      const ignorePatterns =
        typeof ignore === "object" ? checkIgnorePatterns(new TextDecoder().decode(ignore), ignoreName) : undefined;
      return {
        file: { name: data.name, data: decodeScript(data.name, data.bytes) },
        root,
        vertex: tree.vertex,
        ignorePatterns,
      };
    }
    tried.push(data === "no file" ? `${filename} in ${root.title}` : `${root.title}, which the client does not send`);
    if (data === "no file" && index === 0) break;
  }
  const list = tried.map((place) => `\n  ${place}`).join("");
  throw new LuakitError("script.missing", `there is no script "${filename}"; looked at:${list}`, {
    hint: "name another: docker build -f PATH (buildctl: --opt filename=PATH)",
  });
}

/** As for the Dockerfile frontend, `Dockerfile` may be called `dockerfile`; its ignore file may not. */
function inLowerCase(filename: string): readonly string[] {
  return /(^|\/)Dockerfile$/.test(filename) ? [filename.replace(/Dockerfile$/, "dockerfile")] : [];
}

async function readFirst(tree: FileTree, names: readonly string[]) {
  let missing: "no file" | "no directory" = "no file";
  for (const name of names) {
    const bytes = await tree.read(name);
    if (typeof bytes === "object") return { name, bytes };
    missing = bytes;
  }
  return missing;
}
