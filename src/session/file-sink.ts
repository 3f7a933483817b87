import { close, fsync, write } from "node:fs";
import { errorCode } from "../diagnostic/system-error.ts";
import { toByteString } from "./fsutil/byte-string.ts";
import { fileError } from "./fsutil/file-error.ts";

/** Takes the bytes of one output. */
export interface FileSink {
  /** Resolves when it can take more; until then the bytes are its own. */
  write(bytes: Uint8Array): Promise<void>;
  /** All was written: resolves when it is safe. */
  close(): Promise<void>;
  /** It ends too early: what came is worth nothing. */
  abort(): void;
}

/** Milliseconds until a pipe that was full and does not block is tried again. */
const retryTime = 5;

/** Which file descriptor is written to, and what becomes of it. */
export interface DescriptorTarget {
  /** Awaited before the first write: to open a fifo takes as long as its reader does. */
  readonly fd: number | Promise<number>;
  /** For errors. */
  readonly name: string;
  /** Whether the descriptor is closed at the end, and whether the disk must have the bytes before. */
  readonly after: "keep" | "close" | "sync-and-close";
}

/**
 * Writes to a file, a pipe or a terminal, off the event loop: a disk that is slow or a reader that pauses stops nothing
 * else. Throws "file.write".
 */
export function descriptorSink(target: DescriptorTarget): FileSink {
  let isAborted = false;
  let isClosing = false;
  let underWay: Promise<void> = Promise.resolve();
  const { name, after } = target;
  const descriptor = Promise.resolve(target.fd);
  descriptor.catch(() => {});
  const failed = (error: unknown) => fileError("file.write", "write", toByteString(name), error);
  return {
    write(bytes) {
      underWay = descriptor
        .then((fd) => writeAll(fd, bytes, () => isAborted))
        .catch((error) => {
          throw failed(error);
        });
      return underWay;
    },
    async close() {
      isClosing = true;
      try {
        const fd = await descriptor;
        try {
          if (after === "sync-and-close") await run((done) => fsync(fd, done));
        } finally {
          if (after !== "keep") await run((done) => close(fd, done));
        }
      } catch (error) {
        throw failed(error);
      }
    },
    abort() {
      isAborted = true;
      if (isClosing) return;
      // A number that is closed too early may be another file's when the write comes to it.
      const ended = underWay.catch(() => {});
      if (after === "keep") return;
      Promise.all([descriptor, ended])
        .then(([fd]) => run((done) => close(fd, done)))
        .catch(() => {});
    },
  };
}

async function writeAll(fd: number, bytes: Uint8Array, isAborted: () => boolean): Promise<void> {
  for (let at = 0; at < bytes.length && !isAborted(); ) {
    try {
      at += await writeSome(fd, bytes, at);
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") throw error;
      await Bun.sleep(retryTime);
    }
  }
}

function writeSome(fd: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.length - at, null, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

function run(begin: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}
