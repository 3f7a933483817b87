import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { describeSystemError, errorCode } from "../../diagnostic/system-error.ts";
import { type ByteString, toText } from "./byte-string.ts";

/** What failed, as `cannot read /etc/shadow: permission denied`. `action` is a verb with what it needs. */
export function fileError(
  code: "file.read" | "file.write",
  action: string,
  path: ByteString,
  error: unknown,
): LuakitError {
  if (error instanceof LuakitError) return error;
  const name = errorCode(error);
  // No link is followed here.
  const reason = name === "ELOOP" ? "a part of the path is a symbolic link" : describeSystemError(error);
  const denied = code === "file.read" && (name === "EACCES" || name === "EPERM");
  return new LuakitError(code, `cannot ${action} ${toText(path)}: ${reason}`, {
    cause: error,
    hint: denied ? "an exclude pattern, or a line in .dockerignore, leaves it out" : undefined,
  });
}
