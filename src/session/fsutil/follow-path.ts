import { isGone } from "../../diagnostic/system-error.ts";
import { type ByteString, toText } from "./byte-string.ts";
import { baseName, cleanPath, joinPath, parentPath } from "./go-path.ts";
import type { LocalTree } from "./local-tree.ts";
import { matchName } from "./match-name.ts";

/**
 * The include patterns that keep `paths` and every symbolic link on the way to what they name: each path with its links
 * resolved inside of the tree, and the links themselves. The last part of a path may have wildcards. Sorted, without
 * what lies below another one; undefined when the root is one of them, so that nothing is left out.
 */
export function followPaths(tree: LocalTree, paths: readonly ByteString[]): ByteString[] | undefined {
  const found = new Set<ByteString>();
  for (const path of paths) follow(tree, path, found);
  return dropCovered([...found].sort());
}

/**
 * fsutil's `dedupePaths`: leaves out each path that lies below the one before it, and is undefined when `.` is there.
 * It calls for a sorted list, but is used for one that is not, where it does the same.
 */
export function dropCovered(paths: readonly ByteString[]): ByteString[] | undefined {
  if (paths.includes(".")) return undefined;
  const kept: ByteString[] = [];
  for (const path of paths) {
    if (!path.startsWith(`${kept.at(-1) ?? ""}/`)) kept.push(path);
  }
  return kept;
}

function follow(tree: LocalTree, path: ByteString, found: Set<ByteString>): void {
  const parts = joinPath(".", path).split("/");
  let current = ".";
  for (const [index, part] of parts.entries()) {
    current = joinPath(current, part);
    const targets = readTargets(tree, current);
    const last = index === parts.length - 1;
    if (targets === undefined && !last) continue;
    if (found.has(current)) return;
    found.add(current);
    const rest = parts.slice(index + 1).join("/");
    for (const target of targets ?? []) follow(tree, joinPath(target, rest), found);
    return;
  }
}

/** Where the links lead that `path` names, as absolute paths of the tree; undefined when it names none. */
function readTargets(tree: LocalTree, path: ByteString): ByteString[] | undefined {
  const name = baseName(path);
  if (!hasWildcards(name)) {
    const target = readTarget(tree, path);
    return target === undefined ? undefined : [target];
  }
  const pattern = toText(name);
  const directory = parentPath(path);
  const targets = listNames(tree, directory)
    .filter((each) => matchName(pattern, toText(each)) === true)
    .map((each) => readTarget(tree, joinPath(directory, each)));
  const links = targets.filter((target) => target !== undefined);
  return links.length === 0 ? undefined : links;
}

function readTarget(tree: LocalTree, path: ByteString): ByteString | undefined {
  // Nothing outside of the tree is looked at.
  if (path === "." || path === ".." || path.startsWith("../")) return undefined;
  const target = ifThere(() => (tree.lstat(path).isSymbolicLink() ? tree.readLink(path) : undefined));
  if (target === undefined) return undefined;
  if (target.startsWith("/")) return cleanPath(target);
  return cleanPath(`/${parentPath(path)}/${target}`);
}

function listNames(tree: LocalTree, directory: ByteString): readonly ByteString[] {
  if (directory === ".." || directory.startsWith("../")) return [];
  if (directory === ".") return tree.names("");
  return ifThere(() => (tree.lstat(directory).isDirectory() ? tree.names(directory) : [])) ?? [];
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether a part of a path has a `*`, `?` or `[` that no backslash takes the meaning from. */
function hasWildcards(name: ByteString): boolean {
  return /^(?:[^\\*?[]|\\[\s\S])*[*?[]/.test(name);
}
