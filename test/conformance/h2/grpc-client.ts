import type { Connection, HeaderList, Stream, StreamSink } from "../../../src/h2/connection.ts";
import { ConnectionError } from "../../../src/h2/http2-error.ts";
import { MessageSplitter, messageHead } from "./grpc-messages.ts";

/** What became of the calls. */
export interface Counts {
  calls: number;
  cancelled: number;
  messages: number;
  bytes: number;
  readonly errors: string[];
}

/** Makes calls as `grpc-peer call` does, from `workers` at a time. */
export async function callGrpc(connection: Connection, seconds: number, workers: number): Promise<Counts> {
  const counts: Counts = { calls: 0, cancelled: 0, messages: 0, bytes: 0, errors: [] };
  const deadline = performance.now() + seconds * 1000;
  const work = async () => {
    while (performance.now() < deadline && counts.errors.length === 0) {
      const call = new Call(connection, counts);
      await call.done;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return counts;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

class Call implements StreamSink {
  readonly done: Promise<void>;
  readonly #settle: () => void;
  readonly #kind: string;
  readonly #counts: Counts;
  readonly #messages = Array.from({ length: random(20) }, randomMessage);
  readonly #cancelAt = random(5) === 0 ? random(20) : -1;
  readonly #isSlow = random(4) === 0;
  readonly #splitter = new MessageSplitter((message) => this.#check(message));
  readonly #stream: Stream;
  #sent = 0;
  #received = 0;
  #isDone = false;

  constructor(connection: Connection, counts: Counts) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#settle = resolve;
    this.#counts = counts;
    this.#kind = ["echo", "echo", "echo", "slow", "refuse", "stop"][random(6)] ?? "echo";
    counts.calls++;
    this.#stream = connection.request(
      [
        [":method", "POST"],
        [":scheme", "http"],
        [":path", `/peer/${this.#kind}`],
        [":authority", "localhost"],
        ["te", "trailers"],
        ["content-type", "application/grpc"],
        ["x-random", String(random(1000))],
      ],
      this,
    );
    this.drain();
  }

  headers(list: HeaderList, ended: boolean): void {
    const value = (name: string) => list.find(([key]) => key === name)?.[1];
    if (!ended) {
      if (value("x-method") !== `/peer/${this.#kind}`) this.#fail(`header x-method: ${value("x-method")}`);
      return;
    }
    if (value("x-trailer") !== undefined && value("x-trailer") !== `/peer/${this.#kind}`) this.#fail("trailer");
    const refused = this.#kind === "refuse";
    const expected = this.#kind === "stop" ? Math.min(1, this.#messages.length) : this.#messages.length;
    if (value("grpc-status") !== (refused ? "9" : "0")) this.#fail(`status ${value("grpc-status")}`);
    else if (!refused && this.#received !== expected) this.#fail(`${this.#received} of ${expected} messages`);
    // What the server did not want to hear is not sent any more.
    this.#stream.reset(8);
    this.#finish();
  }

  data(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#splitter.push(bytes);
    if (this.#isSlow) setTimeout(() => this.#stream.consumed(length), random(4));
    else this.#stream.consumed(length);
  }

  end(): void {
    this.#fail("an end without trailers");
  }

  reset(error: Error, code: number): void {
    this.#fail(`${error instanceof ConnectionError ? "connection" : "stream"}: ${error.message} (${code})`);
  }

  drain(): void {
    while (!this.#isDone) {
      const message = this.#messages[this.#sent];
      if (this.#sent === this.#cancelAt || (message === undefined && this.#cancelAt > this.#sent)) {
        this.#cancel();
        return;
      }
      if (message === undefined) {
        this.#stream.end();
        return;
      }
      this.#sent++;
      if (!this.#stream.write(messageHead(message.length), message)) return;
    }
  }

  #cancel(): void {
    this.#counts.cancelled++;
    const give = () => {
      this.#stream.reset(8);
      this.#finish();
    };
    if (random(2) === 0) give();
    else setTimeout(give, random(5));
  }

  #check(message: Buffer): void {
    const expected = this.#messages[this.#received];
    this.#received++;
    if (expected === undefined || !expected.equals(message)) this.#fail(`message ${this.#received} is wrong`);
    this.#counts.messages++;
    this.#counts.bytes += message.length;
  }

  #fail(what: string): void {
    if (!this.#isDone) this.#counts.errors.push(`${this.#kind}: ${what}`);
    this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    this.#settle();
  }
}

/** Mostly small, sometimes large, sometimes empty. */
function randomMessage(): Buffer {
  const kind = random(20);
  if (kind === 0) return Buffer.alloc(0);
  if (kind <= 2) return Buffer.alloc(random(200_000), `message ${Math.random()}`);
  if (kind === 3 && random(4) === 0) return Buffer.alloc(random(3_000_000), `message ${Math.random()}`);
  return Buffer.alloc(random(2000), `message ${Math.random()}`);
}
