import { frameFlag, frameHeaderSize, frameSize, frameType, writeFrameHeader } from "./frame.ts";
import { HeaderEncoder } from "./header-encoder.ts";
import type { HeaderList } from "./header-list.ts";

/** No stream of a connection has a higher id, so a peer takes it after any other. */
const lastId = 0x7fff_ffff;

/**
 * The frames of one request which fit at any moment between the frames of a connection that speaks no more afterwards:
 * its fields depend on no table. It is sent within what is left of the windows, so `body` has to be small.
 */
export function encodeLoneRequest(headers: HeaderList, body: Uint8Array): Uint8Array {
  if (body.length > frameSize) throw new RangeError(`a lone request of ${body.length} bytes`);
  const encoder = new HeaderEncoder();
  encoder.limitTable(0);
  const block = encoder.encode(headers);
  const bodyAt = frameHeaderSize + block.length;
  const out = new Uint8Array(bodyAt + frameHeaderSize + body.length);
  writeFrameHeader(out, 0, block.length, frameType.headers, frameFlag.endHeaders, lastId);
  out.set(block, frameHeaderSize);
  writeFrameHeader(out, bodyAt, body.length, frameType.data, frameFlag.endStream, lastId);
  out.set(body, bodyAt + frameHeaderSize);
  return out;
}
