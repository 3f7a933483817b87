import type { Socket } from "bun";
import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";

/** A socket of the runtime as a byte stream; just enough for tests. */
export class SocketStream implements ByteStream {
  readonly #socket: Socket<SocketStream>;
  #sink: ByteSink | undefined;
  #pending: Uint8Array[] = [];
  #isEnding = false;

  constructor(socket: Socket<SocketStream>) {
    this.#socket = socket;
  }

  get sink(): ByteSink | undefined {
    return this.#sink;
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#pending.length === 0) {
      const written = Math.max(0, this.#socket.write(bytes));
      if (written === bytes.length) return true;
      this.#pending.push(bytes.subarray(written));
    } else {
      this.#pending.push(bytes);
    }
    return false;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#isEnding = true;
    if (this.#pending.length === 0) this.#socket.shutdown();
  }

  destroy(): void {
    this.#socket.terminate();
  }

  /** The socket takes more. */
  drained(): void {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      const written = Math.max(0, this.#socket.write(first));
      if (written < first.length) {
        this.#pending[0] = first.subarray(written);
        return;
      }
      this.#pending.shift();
    }
    if (this.#isEnding) this.#socket.shutdown();
    else this.#sink?.drain();
  }
}

const handlers = {
  data: (socket: Socket<SocketStream>, bytes: Uint8Array) => socket.data.sink?.data(bytes),
  drain: (socket: Socket<SocketStream>) => socket.data.drained(),
  end: (socket: Socket<SocketStream>) => socket.data.sink?.end(),
  close: (socket: Socket<SocketStream>) => socket.data.sink?.close(),
  error: (socket: Socket<SocketStream>) => socket.data.sink?.end(),
};

/** Listens on a port of 127.0.0.1 that is free, or on a unix socket. */
export function listen(accept: (bytes: ByteStream) => void, path?: string): { readonly port: number; stop(): void } {
  const open = (socket: Socket<SocketStream>) => {
    socket.data = new SocketStream(socket);
    accept(socket.data);
  };
  const socket = { ...handlers, open };
  if (path !== undefined) {
    const listener = Bun.listen<SocketStream>({ unix: path, socket, allowHalfOpen: true });
    return { port: 0, stop: () => listener.stop(true) };
  }
  const listener = Bun.listen<SocketStream>({ hostname: "127.0.0.1", port: 0, socket, allowHalfOpen: true });
  return { port: listener.port, stop: () => listener.stop(true) };
}

export async function connect(address: { readonly unix: string } | { readonly port: number }): Promise<ByteStream> {
  const { promise, resolve } = Promise.withResolvers<ByteStream>();
  const open = (socket: Socket<SocketStream>) => {
    socket.data = new SocketStream(socket);
    resolve(socket.data);
  };
  const socket = { ...handlers, open };
  if ("unix" in address) await Bun.connect<SocketStream>({ unix: address.unix, socket, allowHalfOpen: true });
  else await Bun.connect<SocketStream>({ hostname: "127.0.0.1", port: address.port, socket, allowHalfOpen: true });
  return promise;
}
