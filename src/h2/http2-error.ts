/** Error codes of RFC 9113 section 7. */
export const errorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  settingsTimeout: 4,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  connectError: 10,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
  http11Required: 13,
} as const;

const names = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

/** `PROTOCOL_ERROR` and the like; a number in hex for a code that RFC 9113 does not know. */
export function formatErrorCode(code: number): string {
  return names[code] ?? `0x${code.toString(16)}`;
}

/** What ended a stream, or the whole connection; `code` is of RFC 9113 section 7. */
export class Http2Error extends Error {
  readonly code: number;

  constructor(code: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "Http2Error";
    this.code = code;
  }
}

/** A connection that is gone, or that refuses new streams; every stream on it gets this one. */
export class ConnectionError extends Http2Error {
  constructor(code: number, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = "ConnectionError";
  }
}
