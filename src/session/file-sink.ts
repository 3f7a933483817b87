import { close, fsync, writev } from "node:fs";
import { toByteString } from "./fsutil/byte-string.ts";
import { errorCode, fileError } from "./fsutil/file-error.ts";

/** Takes the bytes of one output. */
export interface FileSink {
  /** Resolves when it can take more; until then the chunks are its own. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** All was written: resolves when it is safe. */
  close(): Promise<void>;
  /** It ends too early: what came is worth nothing. */
  abort(): void;
}

/** The kernel takes no more buffers in one call. */
const mostBuffers = 1024;
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
    write(chunks) {
      underWay = descriptor
        .then((fd) => writeAll(fd, chunks, () => isAborted))
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

async function writeAll(fd: number, chunks: readonly Uint8Array[], isAborted: () => boolean): Promise<void> {
  let rest = chunks;
  while (rest.length > 0 && !isAborted()) {
    try {
      rest = dropBytes(rest, await writeSome(fd, rest.slice(0, mostBuffers)));
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") throw error;
      await Bun.sleep(retryTime);
    }
  }
}

function writeSome(fd: number, chunks: Uint8Array[]): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(fd, chunks, null, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

function dropBytes(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  let whole = 0;
  for (; whole < chunks.length && left >= (chunks[whole]?.length ?? 0); whole++) left -= chunks[whole]?.length ?? 0;
  const rest = chunks.slice(whole);
  const [first] = rest;
  if (first !== undefined && left > 0) rest[0] = first.subarray(left);
  return rest;
}

function run(begin: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}
