import type { ErrorCode } from "../diagnostic/code.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Status as StatusMessage } from "../gen/rpc-status.ts";
import { type HeaderList, headerValue } from "../h2/header-list.ts";
import { decodePercent, encodePercent } from "./percent.ts";

/** One `google.protobuf.Any`: `type` is its whole type URL. */
export interface StatusDetail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** How a gRPC call ended: `code` is gRPC's number, 0 is OK. */
export interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: readonly StatusDetail[];
}

/** The gRPC codes that luakit itself answers with or looks for. */
export const statusCode = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export const okStatus: Status = { code: statusCode.ok, message: "", details: [] };

const errorCodes = [
  "rpc.unknown",
  "rpc.cancelled",
  "rpc.unknown",
  "rpc.invalid-argument",
  "rpc.deadline-exceeded",
  "rpc.not-found",
  "rpc.already-exists",
  "rpc.permission-denied",
  "rpc.resource-exhausted",
  "rpc.failed-precondition",
  "rpc.aborted",
  "rpc.out-of-range",
  "rpc.unimplemented",
  "rpc.internal",
  "rpc.unavailable",
  "rpc.data-loss",
  "rpc.unauthenticated",
] as const satisfies readonly ErrorCode[];

/** A status without details. */
export function makeStatus(code: number, message: string): Status {
  return { code, message, details: [] };
}

/** The error that stands for a status: its code is `rpc.` and gRPC's name, its cause the status. */
export function rpcError(status: Status): LuakitError {
  const code = errorCodes[status.code] ?? "rpc.unknown";
  const message = status.message === "" ? `the call failed: ${code.slice("rpc.".length)}` : status.message;
  return new LuakitError(code, message, { cause: status });
}

/** The status that an error of {@link rpcError} came from. */
export function statusOf(error: unknown): Status | undefined {
  return error instanceof LuakitError && isStatus(error.cause) ? error.cause : undefined;
}

function isStatus(value: unknown): value is Status {
  if (typeof value !== "object" || value === null || value instanceof Error) return false;
  return "code" in value && typeof value.code === "number" && "details" in value && Array.isArray(value.details);
}

/** The status of a call that ended with these trailers; `httpStatus` counts when they hold none. */
export function statusOfTrailers(trailers: HeaderList, httpStatus: string | undefined): Status {
  const code = headerValue(trailers, "grpc-status");
  if (code === undefined) return statusOfHttp(httpStatus);
  // A code of more than 32 bits is none, and one of 309 digits is no number any more.
  const number = /^\d{1,9}$/.test(code) ? Number(code) : statusCode.unknown;
  if (number === statusCode.ok) return okStatus;
  const message = decodePercent(headerValue(trailers, "grpc-message") ?? "");
  return { code: number, message, details: decodeDetails(headerValue(trailers, "grpc-status-details-bin")) };
}

/** The trailers that end a call with `status`. */
export function trailersOf(status: Status): HeaderList {
  const trailers: [string, string][] = [["grpc-status", String(status.code)]];
  if (status.message !== "") trailers.push(["grpc-message", encodePercent(status.message)]);
  if (status.details.length > 0) trailers.push(["grpc-status-details-bin", encodeDetails(status)]);
  return trailers;
}

/** Details that are no base64 or no message are left out: the code and the message still count. */
function decodeDetails(value: string | undefined): StatusDetail[] {
  if (value === undefined) return [];
  try {
    const { details } = StatusMessage.decode(Uint8Array.fromBase64(value.trim()));
    return details.map((detail) => ({ type: detail.type_url, value: detail.value }));
  } catch {
    return [];
  }
}

function encodeDetails(status: Status): string {
  const details = status.details.map(({ type, value }) => ({ type_url: type, value }));
  const message = status.message.toWellFormed();
  return StatusMessage.encode({ code: status.code, message, details }).toBase64({ omitPadding: true });
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
function statusOfHttp(status: string | undefined): Status {
  if (status === undefined || status === "200")
    return makeStatus(statusCode.unknown, "the call ended without a status");
  return makeStatus(codeOfHttp(status), `the server answered with HTTP status ${status}`);
}

function codeOfHttp(status: string): number {
  if (status === "400") return statusCode.internal;
  if (status === "401") return statusCode.unauthenticated;
  if (status === "403") return statusCode.permissionDenied;
  if (status === "404") return statusCode.unimplemented;
  return ["429", "502", "503", "504"].includes(status) ? statusCode.unavailable : statusCode.unknown;
}
