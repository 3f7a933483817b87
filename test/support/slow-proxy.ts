import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ProxyOptions {
  /** Bytes a second that the client sends, and gets. */
  readonly up?: number;
  readonly down?: number;
}

/** A unix socket that leads to a daemon's, over a line that is as bad as a test wants it to be. */
export interface SlowProxy extends Disposable {
  /** `unix://…` */
  readonly addr: string;
  /** Nothing passes any more, and nobody is told. */
  freeze(): void;
  /** Breaks the connections. */
  cut(): void;
}

type Socket = Bun.Socket<Way>;

/** One direction of a connection: where the bytes go, and those that wait to. */
class Way {
  target: Socket | undefined;
  readonly #rate: number;
  readonly #isFrozen: () => boolean;
  #waiting: Uint8Array[] = [];
  #hasEnded = false;

  constructor(rate: number, isFrozen: () => boolean) {
    this.#rate = rate;
    this.#isFrozen = isFrozen;
  }

  /** Takes bytes from their source, which pauses for as long as the line is busy with them. */
  take(source: Socket, bytes: Uint8Array): void {
    this.#waiting.push(Uint8Array.from(bytes));
    this.flush();
    if (this.#rate === Number.POSITIVE_INFINITY && this.#waiting.length < 64) return;
    source.pause();
    const resume = () => (this.#waiting.length < 64 ? source.resume() : setTimeout(resume, 5));
    setTimeout(resume, (bytes.length / this.#rate) * 1000);
  }

  end(): void {
    this.#hasEnded = true;
    this.flush();
  }

  flush(): void {
    if (this.target === undefined || this.#isFrozen()) return;
    for (let bytes = this.#waiting[0]; bytes !== undefined; bytes = this.#waiting[0]) {
      const written = Math.max(0, this.target.write(bytes));
      if (written < bytes.length) {
        this.#waiting[0] = bytes.subarray(written);
        return;
      }
      this.#waiting.shift();
    }
    if (this.#hasEnded) this.target.end();
  }
}

export function openSlowProxy(addr: string, { up, down }: ProxyOptions = {}): SlowProxy {
  const path = join(tmpdir(), `luakit-proxy-${crypto.randomUUID().slice(0, 8)}.sock`);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const handlers: Bun.SocketHandler<Way> = {
    open: (socket) => void sockets.add(socket),
    data: (socket, bytes) => socket.data.take(socket, bytes),
    end: (socket) => socket.data.end(),
    close: (socket) => {
      sockets.delete(socket);
      socket.data?.target?.end();
    },
    error() {},
  };
  const server = Bun.listen<Way>({
    unix: path,
    socket: {
      ...handlers,
      async open(client) {
        sockets.add(client);
        const forth = new Way(up ?? Number.POSITIVE_INFINITY, () => isFrozen);
        const back = new Way(down ?? Number.POSITIVE_INFINITY, () => isFrozen);
        client.data = forth;
        back.target = client;
        const drain = () => forth.flush();
        const socket = { ...handlers, drain };
        forth.target = await Bun.connect<Way>({ unix: addr.replace("unix://", ""), data: back, socket });
        forth.flush();
      },
      drain: (client) => {
        for (const { data } of sockets) if (data.target === client) data.flush();
      },
    },
  });
  const cut = () => {
    for (const socket of sockets) socket.terminate();
  };
  return {
    addr: `unix://${path}`,
    freeze() {
      isFrozen = true;
    },
    cut,
    [Symbol.dispose]() {
      cut();
      server.stop(true);
      rmSync(path, { force: true });
    },
  };
}
