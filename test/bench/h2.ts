import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteStream } from "../../src/h2/byte-stream.ts";
import {
  type Connection,
  type HeaderList,
  openConnection,
  type Stream,
  type StreamSink,
} from "../../src/h2/connection.ts";
import { openPair } from "../h2/pair.ts";
import { connect, listen } from "../h2/socket.ts";

/**
 * Bytes and calls per second of one connection: in memory, and between two processes over a unix socket.
 * `bun test/bench/h2.ts [MiB]`; `bun test/bench/h2.ts serve PATH` is the other process.
 */
const mebibyte = 1024 * 1024;
const partSize = 256 * 1024;

function serve(bytes: ByteStream): Connection {
  return openConnection(bytes, { role: "server", onStream: answer });
}

/** `/up` takes what comes, `/down?BYTES` sends, `/call` does what a unary call does. */
function answer(stream: Stream, headers: HeaderList): StreamSink {
  const path = headers.find(([name]) => name === ":path")?.[1] ?? "";
  const finish = () => {
    stream.sendHeaders([["grpc-status", "0"]], true);
  };
  stream.sendHeaders([
    [":status", "200"],
    ["content-type", "application/grpc"],
  ]);
  const [, size = "0"] = path.split("?");
  const pump = path.startsWith("/down") ? send(stream, Number(size), finish) : () => {};
  pump();
  return {
    headers: () => {},
    data: (bytes) => stream.consumed(bytes.length),
    end: () => {
      if (path === "/call") stream.write(new Uint8Array(64));
      if (!path.startsWith("/down")) finish();
    },
    reset: () => {},
    drain: pump,
  };
}

/** Writes `total` bytes as fast as the stream takes them; the function goes on after a drain. */
function send(stream: Stream, total: number, done: () => void): () => void {
  let left = total;
  return () => {
    while (left > 0) {
      const size = Math.min(left, partSize);
      left -= size;
      const more = stream.write(Buffer.allocUnsafeSlow(size));
      if (left === 0) done();
      if (!more) return;
    }
  };
}

function request(connection: Connection, path: string, run: (stream: Stream) => () => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let received = 0;
  let pump = () => {};
  const stream = connection.request(
    [
      [":method", "POST"],
      [":scheme", "http"],
      [":path", path],
      [":authority", "localhost"],
      ["content-type", "application/grpc"],
      ["te", "trailers"],
    ],
    {
      headers: (_list, ended) => {
        if (ended) resolve(received);
      },
      data: (bytes) => {
        received += bytes.length;
        stream.consumed(bytes.length);
      },
      end: () => resolve(received),
      reset: reject,
      drain: () => pump(),
    },
  );
  pump = run(stream);
  pump();
  return promise;
}

async function time(label: string, amount: number, unit: string, run: () => Promise<unknown>): Promise<void> {
  const before = process.cpuUsage();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(before);
  const cpu = (used.user + used.system) / 1e6;
  const memory = process.memoryUsage.rss() / 1e6;
  const text = `${label.padEnd(22)} ${(amount / seconds).toFixed(0).padStart(8)} ${unit}/s  wall ${seconds.toFixed(2)} s  cpu ${cpu.toFixed(2)} s  rss ${memory.toFixed(0)} MB`;
  process.stdout.write(`${text}\n`);
}

async function measure(name: string, connection: Connection, mib: number): Promise<void> {
  const bytes = mib * mebibyte;
  const calls = 20_000;
  await time(`${name} up`, mib, "MiB", () =>
    request(connection, "/up", (stream) => send(stream, bytes, () => stream.end())),
  );
  await time(`${name} down`, mib, "MiB", () => request(connection, `/down?${bytes}`, (stream) => () => stream.end()));
  await time(`${name} calls, 1`, calls, "calls", async () => {
    for (let count = 0; count < calls; count++) await call(connection);
  });
  await time(`${name} calls, 100`, calls, "calls", () =>
    Promise.all(
      Array.from({ length: 100 }, async () => {
        for (let count = 0; count < calls / 100; count++) await call(connection);
      }),
    ),
  );
}

function call(connection: Connection): Promise<number> {
  return request(connection, "/call", (stream) => () => {
    stream.write(new Uint8Array(64));
    stream.end();
  });
}

async function main(argument = "512", path = ""): Promise<void> {
  if (argument === "serve") {
    listen(serve, path);
    process.stdout.write("ready\n");
    return;
  }
  const mib = Number(argument);
  const pair = openPair();
  serve(pair.right);
  await measure("memory", openConnection(pair.left, { role: "client" }), mib);
  const directory = mkdtempSync(join(tmpdir(), "h2-"));
  const socket = join(directory, "socket");
  const child = Bun.spawn([process.execPath, import.meta.path, "serve", socket], { stdout: "pipe", stderr: "inherit" });
  await child.stdout.getReader().read();
  const connection = openConnection(await connect({ unix: socket }), { role: "client" });
  await measure("socket", connection, mib);
  connection.destroy();
  child.kill();
  rmSync(directory, { recursive: true });
}

await main(...process.argv.slice(2));
