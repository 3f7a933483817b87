import { LuakitError } from "./luakit-error.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "it does not exist",
  ENOTDIR: "a part of the path is no directory",
  EISDIR: "it is a directory",
  EEXIST: "there is a file in its place",
  ELOOP: "its symbolic links lead in a circle",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the filesystem is read-only",
  EFBIG: "the file is too large for the filesystem",
  EIO: "the disk failed",
  EBADF: "it is not open",
  EBUSY: "it is in use",
  ETXTBSY: "it is a program that runs",
  ENXIO: "nobody is at its other end",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  EPIPE: "nobody reads it any more",
};

/** The system's name of an error, such as ENOENT; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** True for an entry that is not there, also because its directory is not there. */
export function isGone(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Why the system refuses a file or a directory, in words. */
export function describeSystemError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // The runtime has the name in front, and the call with its path behind.
  return reasons[errorCode(error)] ?? message.replace(/^[A-Z][A-Z0-9]+: (.*?)(, [a-z]+( '.*)?)?$/s, "$1");
}

/** `cannot read "build.pb": permission denied`; `what` is as people read it. A LuakitError stays what it is. */
export function cannotRead(what: string, error: unknown, hint?: string): LuakitError {
  if (error instanceof LuakitError) return error;
  return new LuakitError("file.read", `cannot read ${what}: ${describeSystemError(error)}`, { hint, cause: error });
}

/** `cannot write stdout: no space left on the disk`. */
export function cannotWrite(what: string, error: unknown): LuakitError {
  if (error instanceof LuakitError) return error;
  // What is written need not be there: its directory has to.
  const reason = errorCode(error) === "ENOENT" ? "its directory does not exist" : describeSystemError(error);
  return new LuakitError("file.write", `cannot write ${what}: ${reason}`, { cause: error });
}
