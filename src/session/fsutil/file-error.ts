import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, toText } from "./byte-string.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "it does not exist",
  ENOTDIR: "a part of the path is no directory",
  EISDIR: "it is a directory",
  EEXIST: "there is a file in its place",
  ELOOP: "a part of the path is a symbolic link",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the filesystem is read-only",
  EFBIG: "the file is too large for the filesystem",
  EIO: "the disk failed",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  EPIPE: "nobody reads it any more",
};

/** The system's name of an error, such as ENOENT; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** True for an entry that is not there, also because its directory is not there any more. */
export function isGone(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** What failed, as `cannot read /etc/shadow: permission denied`. `action` is a verb with what it needs. */
export function fileError(
  code: "file.read" | "file.write",
  action: string,
  path: ByteString,
  error: unknown,
): LuakitError {
  if (error instanceof LuakitError) return error;
  const name = errorCode(error);
  const reason = reasons[name] ?? (error instanceof Error ? error.message : String(error));
  const denied = code === "file.read" && (name === "EACCES" || name === "EPERM");
  return new LuakitError(code, `cannot ${action} ${toText(path)}: ${reason}`, {
    cause: error,
    hint: denied ? "an exclude pattern, or a line in .dockerignore, leaves it out" : undefined,
  });
}
