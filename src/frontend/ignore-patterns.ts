import { checkIgnorePatterns, ignoreFile } from "../script/ignore-file.ts";
import type { FileRoot } from "./file-root.ts";

export interface ReadIgnoreOptions {
  /** What progress shows. */
  readonly title: string;
  readonly key: string;
}

/** The patterns of the ignore file at a directory's root; none if there is none, and undefined if there is no directory. */
export async function readIgnorePatterns(
  root: FileRoot,
  { title, key }: ReadIgnoreOptions,
): Promise<readonly string[] | undefined> {
  const tree = root.open({ paths: [ignoreFile], title, key: `${key}-${ignoreFile}` });
  const data = await tree.read(ignoreFile);
  if (data === "no directory") return undefined;
  return data === "no file" ? [] : checkIgnorePatterns(new TextDecoder().decode(data), ignoreFile);
}

/** The same for the context itself. */
export function readContextIgnore(root: FileRoot): Promise<readonly string[] | undefined> {
  return readIgnorePatterns(root, { title: "[internal] load .dockerignore", key: "context" });
}
