import { readUint16, readUint32, writeUint32 } from "./frame.ts";
import { errorCode, Http2Error } from "./http2-error.ts";

/** Identifiers of RFC 9113 section 6.5.2. */
export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

export const largestWindow = 0x7fffffff;

const entrySize = 6;

/** Bytes of the payload that {@link writeSettings} writes. */
export function settingsSize(entries: readonly (readonly [id: number, value: number])[]): number {
  return entries.length * entrySize;
}

export function writeSettings(out: Uint8Array, entries: readonly (readonly [id: number, value: number])[]): void {
  for (const [index, [id, value]] of entries.entries()) {
    out[index * entrySize] = id >>> 8;
    out[index * entrySize + 1] = id;
    writeUint32(out, index * entrySize + 2, value);
  }
}

/** Calls `apply` for each entry, in order; unknown ones too. What RFC 9113 forbids throws. */
export function readSettings(payload: Uint8Array, apply: (id: number, value: number) => void): void {
  if (payload.length % entrySize !== 0) throw new Http2Error(errorCode.frameSizeError, "a part of a setting");
  for (let at = 0; at < payload.length; at += entrySize) {
    const id = readUint16(payload, at);
    const value = readUint32(payload, at + 2);
    checkSetting(id, value);
    apply(id, value);
  }
}

function checkSetting(id: number, value: number): void {
  if (id === setting.enablePush && value > 1) throw wrong("ENABLE_PUSH", value);
  if (id === setting.maxFrameSize && (value < 16_384 || value > 0xffffff)) throw wrong("MAX_FRAME_SIZE", value);
  if (id === setting.initialWindowSize && value > largestWindow) {
    throw new Http2Error(errorCode.flowControlError, `INITIAL_WINDOW_SIZE ${value}`);
  }
}

function wrong(name: string, value: number): Http2Error {
  return new Http2Error(errorCode.protocolError, `${name} ${value}`);
}
