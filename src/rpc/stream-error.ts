import { LuakitError } from "../diagnostic/luakit-error.ts";
import { ConnectionError, errorCode, Http2Error } from "../h2/http2-error.ts";
import { makeStatus, rpcError, statusCode } from "./status.ts";
import { gone } from "./unreachable.ts";

/** Why a stream ended before its time: "daemon.gone" or "daemon.unreachable" with its connection, else "rpc.…". */
export function streamError(error: Error): LuakitError {
  if (error instanceof ConnectionError || !(error instanceof Http2Error)) return connectionError(error);
  return rpcError(makeStatus(statusOfReset(error.code), error.message));
}

/** Why a connection ended: what its byte stream says, else "daemon.gone". */
export function connectionError(error: Error): LuakitError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof LuakitError) return cause;
  }
  return gone(error.message, error);
}

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Errors" */
function statusOfReset(code: number): number {
  if (code === errorCode.refusedStream) return statusCode.unavailable;
  if (code === errorCode.cancel) return statusCode.cancelled;
  if (code === errorCode.enhanceYourCalm) return statusCode.resourceExhausted;
  return code === errorCode.inadequateSecurity ? statusCode.permissionDenied : statusCode.internal;
}
