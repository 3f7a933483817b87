import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { bytesMessageData } from "../rpc/bytes-message.ts";
import type { MessageReceiver, ServerCall } from "../rpc/message-stream.ts";
import { makeStatus, statusCode } from "../rpc/status.ts";
import { Batches } from "./batches.ts";
import type { FileSink } from "./file-sink.ts";
import { toByteString } from "./fsutil/byte-string.ts";
import { fileError } from "./fsutil/file-error.ts";
import type { TransferHooks } from "./fsutil/transfer-hooks.ts";

/** Bytes that wait for the sink when the daemon is stopped, and when it goes on. What is under way comes on top. */
const highWater = 2 * 1024 * 1024;
const lowWater = 1024 * 1024;
/** Bytes that are written at once: each write off the event loop has its price. */
const batchSize = 1024 * 1024;

/** Writes the BytesMessages of a call to a sink, and finishes the call when all is safe. */
export class FileReceiver implements MessageReceiver {
  readonly isBorrowing = true;
  readonly takesAll = true;
  readonly #call: ServerCall;
  readonly #sink: FileSink;
  readonly #hooks: TransferHooks;
  readonly #batches = new Batches(batchSize);
  #isWriting = false;
  #isPaused = false;
  #hasEnded = false;
  #isOver = false;
  #bytes = 0;

  constructor(call: ServerCall, sink: FileSink, hooks: TransferHooks) {
    this.#call = call;
    this.#sink = sink;
    this.#hooks = hooks;
  }

  message(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const data = bytesMessageData(bytes);
    this.#batches.add(data);
    this.#bytes += data.length;
    this.#hooks.onProgress?.({ bytes: this.#bytes, entries: 1, path: "" });
    if (this.#batches.size > highWater && !this.#isPaused) {
      this.#isPaused = true;
      this.#call.pause();
    }
    this.#write();
  }

  end(): void {
    this.#hasEnded = true;
    this.#write();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.abort();
  }

  /** Goes on when a write is done, with all that has come meanwhile. */
  #write(): void {
    if (this.#isWriting || this.#isOver) return;
    if (this.#batches.size < batchSize && !this.#hasEnded) return;
    const batch = this.#batches.take();
    if (batch === undefined) {
      this.#close();
      return;
    }
    this.#isWriting = true;
    this.#sink.write(batch).then(
      () => this.#written(batch),
      (error: unknown) => this.#fail(error),
    );
  }

  #written(batch: Uint8Array): void {
    this.#batches.giveBack(batch);
    this.#isWriting = false;
    if (this.#isPaused && this.#batches.size < lowWater) {
      this.#isPaused = false;
      this.#call.resume();
    }
    this.#write();
  }

  #close(): void {
    this.#isWriting = true;
    this.#sink.close().then(
      () => {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#call.finish();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.abort();
    const failure: LuakitError = fileError("file.write", "write", toByteString("the output"), error);
    this.#call.finish(makeStatus(statusCode.unknown, failure.message));
    this.#hooks.onFailure?.(failure);
  }
}
