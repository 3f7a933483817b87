import { closeSync, openSync, readSync } from "node:fs";
import { Content, ReadContentResponse } from "../gen/content.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { makeStatus, rpcError } from "../rpc/status.ts";
import { bytesField } from "./bytes-field.ts";
import { type Blob, type ContentStore, contentCode } from "./content-store.ts";

/** The most bytes of one message. */
const chunk = 1024 * 1024;

/** Answers a Read call once its one request is there: exactly the range, a chunk at a time as the daemon takes them. */
export function readContent(call: ServerCall, store: ContentStore, fail: (error: unknown) => void): void {
  let reading: BlobReader | undefined;
  const goOn = () => {
    try {
      if (reading !== undefined) send(call, reading);
    } catch (error) {
      reading?.close();
      fail(error);
    }
  };
  call.start({
    message: (bytes) => {
      try {
        const { digest, offset, size } = Content.Read.request.decode(bytes);
        reading ??= openReader(store.get(digest), Math.max(0, offset), size);
      } catch (error) {
        fail(error);
      }
      goOn();
    },
    end: () => {
      if (reading === undefined) call.finish();
    },
    drain: goOn,
    cancel: () => reading?.close(),
  });
}

/** Sends as much as there is room for, and ends the call behind the last byte. */
function send(call: ServerCall, reader: BlobReader): void {
  while (!reader.done) {
    const { offset } = reader;
    const data = reader.next();
    const head = ReadContentResponse.encode({ offset });
    if (!call.send(head, bytesField(2, data.length), data)) return;
  }
  reader.close();
  call.finish();
}

function openReader(blob: Blob, offset: number, size: number): BlobReader {
  if (offset > blob.size) {
    throw rpcError(makeStatus(contentCode.outOfRange, `read past object length ${blob.size} bytes`));
  }
  return new BlobReader(blob, offset, size <= 0 ? blob.size : Math.min(blob.size, offset + size));
}

/** One pass over a range of a blob. */
class BlobReader {
  offset: number;
  readonly #blob: Blob;
  readonly #end: number;
  #file: number | undefined;

  constructor(blob: Blob, offset: number, end: number) {
    this.offset = offset;
    this.#blob = blob;
    this.#end = end;
    this.#file = openSync(blob.path, "r");
  }

  get done(): boolean {
    return this.offset >= this.#end;
  }

  /** The next chunk, the caller's to keep. */
  next(): Uint8Array {
    const wanted = Bun.allocUnsafe(Math.min(chunk, this.#end - this.offset));
    const length = readSync(this.#file ?? -1, wanted, 0, wanted.length, this.offset);
    if (length === 0) {
      throw rpcError(makeStatus(contentCode.dataLoss, `content ${this.#blob.digest} is shorter than it was`));
    }
    this.offset += length;
    return wanted.subarray(0, length);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
