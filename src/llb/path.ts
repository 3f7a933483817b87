/** Whether a path in a container starts at its root. */
export function isAbsolute(path: string): boolean {
  return path.charCodeAt(0) === 0x2f;
}

/** The shortest equivalent path, by the rules of Go's `path.Clean`: "" is ".", and ".." stops at the root. */
export function cleanPath(path: string): string {
  const rooted = isAbsolute(path);
  if (rooted && !path.includes("//") && !path.includes("/.") && (path.length === 1 || !path.endsWith("/"))) return path;
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept[kept.length - 1] !== "..") kept.pop();
    else if (!rooted) kept.push(part);
  }
  if (rooted) return `/${kept.join("/")}`;
  return kept.length === 0 ? "." : kept.join("/");
}

/** `path` under `directory`, cleaned; an absolute `path` is only cleaned. Both are rooted in the result. */
export function resolvePath(directory: string, path: string): string {
  return cleanPath(isAbsolute(path) ? path : `/${directory}/${path}`);
}

/** As resolvePath, but the mark of "into this directory" at the end of a copy's destination stays. */
export function resolveDestination(directory: string, path: string): string {
  const resolved = resolvePath(directory, path);
  if (path.endsWith("/")) return resolved === "/" ? resolved : `${resolved}/`;
  if (path.endsWith("/.")) return resolved === "/" ? "/." : `${resolved}/.`;
  return resolved;
}
