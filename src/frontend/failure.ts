import { makeStatus, type Status, statusCode, statusOf } from "../rpc/status.ts";

/** What the daemon is told of a build that failed. */
export function toStatus(error: unknown): Status {
  const message = error instanceof Error ? error.message : String(error);
  return statusOf(error) ?? makeStatus(statusCode.unknown, message);
}
