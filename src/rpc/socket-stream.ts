import { errorCode } from "../diagnostic/system-error.ts";
import type { ByteSink, ByteStream } from "../h2/byte-stream.ts";
import { LateSink } from "./late-sink.ts";

export type SocketTarget =
  | { readonly unix: string }
  | { readonly hostname: string; readonly port: number; readonly tls?: Bun.TLSOptions };

export interface SocketOptions {
  /** Says what is wrong when the peer's first bytes show that it is not what was expected. */
  readonly judgeFirst?: ((bytes: Uint8Array) => Error | undefined) | undefined;
  /** The error of a peer that ends without having sent a byte. */
  readonly silence?: (() => Error) | undefined;
  /** Puts an error of the TLS handshake into words; `names` is whom the peer's certificate is for, as the runtime has it. */
  readonly explainHandshake?: ((error: Error, names: string | undefined) => Error) | undefined;
  /** Puts an error of the connection into words; `received` is false when the peer never sent a byte. */
  readonly explain?: ((error: Error, received: boolean) => Error) | undefined;
}

/** Bytes that the kernel has not taken yet. */
interface Pending {
  bytes: Uint8Array;
  readonly release: (() => void) | undefined;
}

/** Bytes that may wait for the kernel before `write()` gives false, and how few are left when `drain()` is called. */
const highWater = 512 * 1024;
const lowWater = 128 * 1024;

/** Seconds without traffic before the kernel asks whether the peer is still there. */
const keepAlive = 30;

/** Connects; with TLS, it has also shaken hands and verified the peer. Rejects with the error of the runtime. */
export function connectSocket(target: SocketTarget, options: SocketOptions = {}): Promise<SocketStream> {
  const stream = new SocketStream(options);
  const tls = "tls" in target ? target.tls : undefined;
  const unverified = tls?.rejectUnauthorized === false;
  return new Promise((resolve, reject) => {
    const socket: Bun.SocketHandler<undefined> = {
      // Its `slice()` copies, a Buffer's does not.
      binaryType: "uint8array",
      open(opened) {
        stream.open(opened);
        if (tls === undefined) resolve(stream);
      },
      handshake(opened, success, error) {
        if (success || (unverified && isVerification(error))) return resolve(stream);
        reject(error === null ? error : (options.explainHandshake?.(error, namesOf(opened)) ?? error));
        stream.destroy();
      },
      data: (_, bytes) => stream.receive(bytes),
      drain: () => stream.flush(),
      end: () => stream.receiveEnd(),
      error: (_, error) => stream.fail(error),
      close(_, error) {
        reject(error ?? new Error("the connection was closed"));
        stream.receiveClose(error);
      },
      connectError: (_, error) => reject(error),
    };
    const shared = { allowHalfOpen: true, socket };
    const attempt = "unix" in target ? Bun.connect({ ...target, ...shared }) : Bun.connect({ ...target, ...shared });
    // Settings that the runtime refuses are not given to `connectError`.
    attempt.catch(reject);
  });
}

/** True of an error about who the peer is, after a handshake that was right otherwise. */
function isVerification(error: Error | null): boolean {
  return !["EPROTO", "ECONNRESET"].includes(errorCode(error));
}

/** `DNS:buildkit.test, IP Address:127.0.0.1`; undefined when the peer showed no certificate, or one without names. */
function namesOf(socket: Bun.Socket<undefined>): string | undefined {
  return socket.getPeerCertificate?.()?.subjectaltname;
}

/** A connected socket. Made by {@link connectSocket}, whose handlers call everything below `destroy()`. */
export class SocketStream implements ByteStream {
  readonly #options: SocketOptions;
  #socket: Bun.Socket<undefined> | undefined;
  readonly #sink = new LateSink();
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #full = false;
  #received = false;
  #paused = false;
  #ending = false;
  #peerEnded = false;
  #error: Error | undefined;
  #closed = false;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  start(sink: ByteSink): void {
    this.#sink.attach(sink);
  }

  write(bytes: Uint8Array, release?: () => void): boolean {
    if (this.#closed || this.#ending) return true;
    const written = this.#pendingBytes > 0 ? 0 : this.#send(bytes);
    if (written === bytes.length) release?.();
    else {
      this.#pending.push({ bytes: written === 0 ? bytes : bytes.subarray(written), release });
      this.#pendingBytes += bytes.length - written;
      this.#full ||= this.#pendingBytes > highWater;
    }
    return !this.#full;
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#socket?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket?.resume();
  }

  end(): void {
    if (this.#ending || this.#closed) return;
    this.#ending = true;
    if (this.#pendingBytes === 0) this.#shutdown();
  }

  destroy(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#peerEnded = true;
    this.#socket?.terminate();
  }

  open(socket: Bun.Socket<undefined>): void {
    this.#socket = socket;
    if (socket.remotePort === undefined) return;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAlive * 1000);
  }

  receive(bytes: Uint8Array): void {
    if (!this.#received) {
      this.#received = true;
      this.#error = this.#options.judgeFirst?.(bytes);
      if (this.#error !== undefined) {
        this.destroy();
        return;
      }
    }
    this.#sink.data(bytes);
    release(bytes);
  }

  /** The kernel has room again. */
  flush(): void {
    while (this.#pendingBytes > 0) {
      const [first] = this.#pending;
      if (first === undefined) break;
      const written = this.#send(first.bytes);
      this.#pendingBytes -= written;
      if (written < first.bytes.length) {
        first.bytes = first.bytes.subarray(written);
        break;
      }
      this.#pending.shift();
      first.release?.();
    }
    if (this.#full && this.#pendingBytes <= lowWater) {
      this.#full = false;
      this.#sink.drain();
    }
    if (this.#ending && this.#pendingBytes === 0) this.#shutdown();
  }

  receiveEnd(): void {
    if (this.#peerEnded) return;
    if (!this.#received && !this.#ending) this.#error = this.#options.silence?.();
    if (this.#error !== undefined) {
      this.destroy();
      return;
    }
    this.#peerEnded = true;
    this.#sink.end();
    if (this.#ending && this.#pendingBytes === 0) this.#socket?.end();
  }

  /** Takes an error of TLS; what a sink throws also arrives here and must not be lost. */
  fail(error: Error): void {
    if (errorCode(error) === "EPROTO") this.#error ??= error;
    else
      queueMicrotask(() => {
        throw error;
      });
  }

  receiveClose(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error ??= error;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (this.#error === undefined && !this.#peerEnded) this.#sink.end();
    const explained = this.#error === undefined ? undefined : this.#options.explain?.(this.#error, this.#received);
    this.#sink.close(explained ?? this.#error);
  }

  /** The bytes that the kernel took; none of a socket that is closed. */
  #send(bytes: Uint8Array): number {
    return Math.max(0, this.#socket?.write(bytes) ?? 0);
  }

  #shutdown(): void {
    if (this.#peerEnded) this.#socket?.end();
    else this.#socket?.shutdown();
  }
}

/** Below, it costs more than it gains. */
const worthReleasing = 64 * 1024;

/** Gives the memory of bytes back at once that nobody holds any more, and not when garbage is collected. */
function release({ buffer, length }: Uint8Array): void {
  const isAll = buffer.byteLength === length;
  if (isAll && length >= worthReleasing && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
