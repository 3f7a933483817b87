import type { ByteSink, ByteStream } from "../h2/byte-stream.ts";
import { bytesMessageData, bytesMessageTag } from "./bytes-message.ts";
import type { ClientCall } from "./message-stream.ts";
import { rpcError, statusCode } from "./status.ts";

/** Data of one message: grpc-go has buffers of 32 KiB, and clears one of a megabyte for each message above. */
const mostData = 32 * 1024 - 4;

/**
 * The bytes that a call carries in BytesMessages (`bytes data = 1`), as BuildKit's session does. Writes become messages
 * of parts that are not copied, so whoever writes should write much at a time.
 */
export function tunnel(call: ClientCall): ByteStream {
  let isDestroyed = false;
  const head = dataHead(mostData);
  return {
    start: (sink) => carry(call, sink, () => isDestroyed),
    write(bytes, release) {
      let hasRoom = true;
      for (let at = 0; at < bytes.length; at += mostData) {
        const data = bytes.subarray(at, at + mostData);
        hasRoom = call.send(data.length === mostData ? head : dataHead(data.length), data);
      }
      if (release !== undefined) call.whenTaken(release);
      return hasRoom;
    },
    pause: () => call.pause(),
    resume: () => call.resume(),
    end: () => call.end(),
    destroy() {
      isDestroyed = true;
      call.cancel();
    },
  };
}

function carry(call: ClientCall, sink: ByteSink, isDestroyed: () => boolean): void {
  call.start({
    isBorrowing: true,
    message(bytes) {
      const data = bytesMessageData(bytes);
      if (data.length > 0) sink.data(data);
    },
    end(status) {
      if (status === undefined || status.code === statusCode.ok) {
        sink.end();
        sink.close();
      } else sink.close(rpcError(status));
    },
    cancel: (error) => sink.close(isDestroyed() ? undefined : error),
    drain: () => sink.drain(),
  });
}

/** What stands before `length` bytes of data: the tag and the length as a varint. */
function dataHead(length: number): Uint8Array {
  const head = [bytesMessageTag];
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  head.push(rest);
  return Uint8Array.from(head);
}
