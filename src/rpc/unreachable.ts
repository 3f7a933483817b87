import { LuakitError } from "../diagnostic/luakit-error.ts";
import { errorCode } from "../diagnostic/system-error.ts";

/** The error of a connection that cannot be made to `place`, an address as a person writes it. */
export function unreachable(
  place: string,
  reason: string,
  options: { hint?: string; cause?: unknown } = {},
): LuakitError {
  return new LuakitError("daemon.unreachable", `cannot connect to ${place}: ${reason}`, options);
}

/** The error of a connection that broke after it was made. */
export function gone(reason: string, cause?: unknown): LuakitError {
  return new LuakitError("daemon.gone", `the connection to the daemon broke: ${reason}`, { cause });
}

const reasons: { readonly [name: string]: string } = {
  ENOENT: "there is no such socket",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it was closed at once",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTFOUND: "the host is not known",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
  EINVAL: "the path is too long for a socket",
};

/** What to do about a socket that may not be connected to. */
export const socketDenied = "join the group that owns the socket, or run as root";

/** A failed connection in words. */
export function describeFailure(error: unknown): string {
  return reasons[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
}
