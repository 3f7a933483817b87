import { posix } from "node:path";
import type { ByteString } from "./byte-string.ts";

/** Go's `filepath.Clean`: no `.`, no `..` but leading ones, no double and no trailing slash; `.` for nothing. */
export function cleanPath(path: ByteString): ByteString {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** Go's `filepath.Join` of two. */
export function joinPath(first: ByteString, second: ByteString): ByteString {
  if (first === "") return second === "" ? "" : cleanPath(second);
  return cleanPath(second === "" ? first : `${first}/${second}`);
}

/** All but the last part of a clean relative path; `.` when there is no more. */
export function parentPath(path: ByteString): ByteString {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** The last part of a clean path. */
export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf("/") + 1);
}
