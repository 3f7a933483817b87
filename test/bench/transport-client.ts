import { type Connection, openConnection, type Stream } from "../../src/h2/connection.ts";
import { connect } from "../h2/socket.ts";

/**
 * `bun transport-client.ts up|down|calls|many PATH N` does what `transport` does in Go, on luakit's HTTP/2: sends or
 * receives N bytes, makes N calls, or N of them 100 at a time, and prints what it took as JSON.
 */
const messageSize = 32 * 1024;
const callsAtATime = 100;
/** Of a gRPC message: a flag and its length. */
const headSize = 5;

/** A message of 8 or more bytes, with its head; the number stands at its start. */
function message(size: number, number = 0): Buffer {
  const bytes = Buffer.alloc(headSize + size);
  bytes.writeUInt32BE(size, 1);
  if (size >= 8) bytes.writeBigUInt64BE(BigInt(number), headSize);
  return bytes;
}

interface Answer {
  readonly bytes: number;
  /** The last one, whole in the benchmarks where it counts. */
  readonly last: Uint8Array;
}

/** Sends with `pump`, which goes on after a drain, and gives what came back. */
function request(connection: Connection, method: string, open: (stream: Stream) => () => void): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let bytes = 0;
  let last: Uint8Array = new Uint8Array();
  let pump = () => {};
  const stream = connection.request(
    [
      [":method", "POST"],
      [":scheme", "http"],
      [":path", `/bench/${method}`],
      [":authority", "localhost"],
      ["content-type", "application/grpc"],
      ["te", "trailers"],
    ],
    {
      headers(list, ended) {
        if (!ended) return;
        const status = list.find(([name]) => name === "grpc-status")?.[1];
        if (status === "0") resolve({ bytes, last });
        else reject(new Error(`status ${status}`));
      },
      data(part) {
        bytes += part.length;
        last = part;
        stream.consumed(part.length);
      },
      end: () => reject(new Error("an end without trailers")),
      reset: reject,
      drain: () => pump(),
    },
  );
  pump = open(stream);
  pump();
  return promise;
}

/** As many messages as it takes for this many bytes. */
async function up(connection: Connection, amount: number): Promise<void> {
  const part = message(messageSize);
  const { last } = await request(connection, "up", (stream) => {
    let left = amount;
    return () => {
      while (left > 0) {
        const size = Math.min(left, messageSize);
        left -= size;
        const isFull = !stream.write(size === messageSize ? part : message(size));
        if (left === 0) stream.end();
        if (isFull) return;
      }
    };
  });
  const arrived = Number(Buffer.from(last).readBigUInt64BE(last.length - 8));
  if (arrived !== amount) throw new Error(`${arrived} of ${amount} bytes arrived`);
}

async function down(connection: Connection, amount: number): Promise<void> {
  const { bytes } = await request(connection, "down", (stream) => () => {
    stream.write(message(8, amount));
    stream.end();
  });
  const expected = amount + Math.ceil(amount / messageSize) * headSize;
  if (bytes !== expected) throw new Error(`${bytes} of ${expected} bytes arrived`);
}

async function calls(connection: Connection, amount: number): Promise<void> {
  for (let count = 0; count < amount; count++) await call(connection);
}

function call(connection: Connection): Promise<Answer> {
  return request(connection, "call", (stream) => () => {
    stream.write(message(64));
    stream.end();
  });
}

async function many(connection: Connection, amount: number): Promise<void> {
  await Promise.all(Array.from({ length: callsAtATime }, () => calls(connection, amount / callsAtATime)));
}

const [what = "", path = "", amount = ""] = process.argv.slice(2);
const moves: Readonly<Record<string, (connection: Connection, amount: number) => Promise<void>>> = {
  up,
  down,
  calls,
  many,
};
const move = moves[what];
if (move === undefined) throw new Error(`no such thing: ${what}`);
const connection = openConnection(await connect({ unix: path }), { role: "client" });
await call(connection);
const used = process.cpuUsage();
const start = performance.now();
await move(connection, Number(amount));
const wall = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(used);
process.stdout.write(`${JSON.stringify({ wall, cpu: (user + system) / 1e6 })}\n`);
connection.destroy();
