import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a connection ends: in order, by a reset, or only one way of it. */
export type End = "close" | "reset" | "half-up" | "half-down";

export const ends: readonly End[] = ["close", "reset", "half-up", "half-down"];

/** One direction of a connection as a fault writes to it. */
export class Lane {
  readonly #target: Socket;
  readonly #waiting: (() => Promise<void> | void)[] = [];
  #isBusy = false;
  #isOver = false;
  /** Bytes that were passed on. */
  sent = 0;

  constructor(target: Socket) {
    this.#target = target;
  }

  /** Sends bytes behind all that was given before. */
  send(bytes: Uint8Array): void {
    this.after(() => this.#write(bytes));
  }

  /** Holds up what comes behind. */
  wait(milliseconds: number): void {
    this.after(() => Bun.sleep(milliseconds));
  }

  end(): void {
    this.after(() => {
      this.#isOver = true;
      this.#target.end();
    });
  }

  /** Runs something when all that was given before is out. */
  after(work: () => Promise<void> | void): void {
    this.#waiting.push(work);
    if (!this.#isBusy) this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) await work();
    this.#isBusy = false;
  }

  #write(bytes: Uint8Array): void {
    if (this.#isOver || this.#target.destroyed || bytes.length === 0) return;
    this.sent += bytes.length;
    this.#target.write(bytes);
  }
}

/** A connection of a client to a daemon. */
export interface Line {
  /** To the daemon. */
  readonly up: Lane;
  /** To the client. */
  readonly down: Lane;
  /** Ends the connection at once. */
  cut(how: End): void;
}

/** Takes what a client and a daemon say, and gives on what a fault makes of it. */
export interface Passage {
  up(bytes: Uint8Array): void;
  down(bytes: Uint8Array): void;
}

export type Fault = (line: Line) => Passage;

/** Bytes that went each way of a connection. */
export interface Passed {
  readonly up: number;
  readonly down: number;
}

export interface FaultProxy extends Disposable {
  readonly addr: string;
  /** Of the connections so far. */
  readonly passed: () => readonly Passed[];
  /** Milliseconds since the epoch of the first cut, or of the bytes that were changed; undefined while there was none. */
  readonly struckAt: () => number | undefined;
  /** Who ended what, in order: for those who look into a failure. */
  readonly history: readonly string[];
  /** Breaks every connection. */
  cutAll(): void;
  /** Breaks every connection and takes no more, as if the process behind it were killed. */
  kill(): void;
}

export const asIs: Fault = ({ up, down }) => ({ up: (bytes) => up.send(bytes), down: (bytes) => down.send(bytes) });

/** A socket or, with `tcp`, a port that leads to a daemon's socket; `fault` decides what passes. */
export async function openFaultProxy(addr: string, fault: Fault, tcp = false): Promise<FaultProxy> {
  const path = join(tmpdir(), `luakit-fault-${crypto.randomUUID().slice(0, 8)}.sock`);
  const sockets = new Set<Socket>();
  const lines: Line[] = [];
  const history: string[] = [];
  let struckAt: number | undefined;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const daemon = connect({ ...targetOf(addr), allowHalfOpen: true });
    const pair = [client, daemon] as const;
    for (const socket of pair) {
      sockets.add(socket);
      socket.setNoDelay(true);
      const name = socket === client ? "client" : "daemon";
      for (const event of ["end", "close"]) socket.on(event, () => history.push(`${name}: ${event}`));
      socket.on("error", (error) => history.push(`${name}: ${error.message}`));
    }
    const line = openLine(client, daemon, () => {
      struckAt ??= Date.now();
    });
    lines.push(line);
    const passage = fault(line);
    client.on("data", (bytes: Uint8Array) => passage.up(Uint8Array.from(bytes)));
    daemon.on("data", (bytes: Uint8Array) => passage.down(Uint8Array.from(bytes)));
    client.on("end", () => line.up.end());
    daemon.on("end", () => line.down.end());
    client.on("close", () => line.up.end());
    daemon.on("close", () => line.down.end());
  });
  await listen(server, tcp ? undefined : path);
  const address = server.address();
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    addr: typeof address === "object" && address !== null ? `tcp://127.0.0.1:${address.port}` : `unix://${path}`,
    passed: () => lines.map(({ up, down }) => ({ up: up.sent, down: down.sent })),
    struckAt: () => struckAt,
    history,
    cutAll,
    kill() {
      server.close();
      cutAll();
    },
    [Symbol.dispose]() {
      cutAll();
      server.close();
      rmSync(path, { force: true });
    },
  };
}

/** `unix://…` or `host:port`. */
function targetOf(addr: string): { readonly path: string } | { readonly host: string; readonly port: number } {
  const [, host = "", port = ""] = /^([^/]+):(\d+)$/.exec(addr) ?? [];
  return host === "" ? { path: addr.replace("unix://", "") } : { host, port: Number(port) };
}

function openLine(client: Socket, daemon: Socket, struck: () => void): Line {
  return {
    up: new Lane(daemon),
    down: new Lane(client),
    cut(how) {
      struck();
      if (how === "half-up") daemon.end();
      else if (how === "half-down") client.end();
      else if (how === "reset") for (const socket of [client, daemon]) socket.resetAndDestroy();
      else for (const socket of [client, daemon]) socket.destroySoon();
    },
  };
}

function listen(server: Server, path: string | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (path === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(path, resolve);
  });
}
