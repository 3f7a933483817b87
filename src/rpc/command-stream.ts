import type { ByteSink, ByteStream } from "../h2/byte-stream.ts";

export interface CommandOptions {
  /** The child's environment; this process's own when absent. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  /** True keeps Ctrl-C away from the child, so that the build can be cancelled in order; it cannot ask its user then. */
  readonly detached: boolean;
  /** Makes the error of a child that ended before the stream did. `stderr` is its last 4 KiB, trimmed. */
  readonly explain: (end: CommandEnd) => Error;
}

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: string | number | null;
  readonly stderr: string;
  /** False when it never wrote a byte to stdout. */
  readonly received: boolean;
}

type Child = Bun.Subprocess<"pipe", "pipe", "pipe">;

const highWater = 512 * 1024;
const stderrKept = 4096;
/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 3000;
/** Milliseconds for a child to end after its stdout did. */
const moment = 500;

/** Starts a program whose stdin and stdout are the stream. Throws the runtime's error when it cannot be started. */
export function startCommand(argv: readonly string[], options: CommandOptions): CommandStream {
  const child = Bun.spawn([...argv], {
    ...(options.variables && { env: { ...options.variables } }),
    detached: options.detached,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  return new CommandStream(child, options.explain);
}

/** A child's stdin and stdout as one stream; the child lives as long as it. Made by {@link startCommand}. */
export class CommandStream implements ByteStream {
  readonly #child: Child;
  readonly #explain: CommandOptions["explain"];
  #sink: ByteSink | undefined;
  readonly #stderr: Tail;
  #pendingBytes = 0;
  #full = false;
  #received = false;
  #ended = false;
  #isDestroyed = false;
  #isClosed = false;
  readonly #destroyed = Promise.withResolvers<void>();
  #resumed: PromiseWithResolvers<void> | undefined;

  constructor(child: Child, explain: CommandOptions["explain"]) {
    this.#child = child;
    this.#explain = explain;
    this.#stderr = new Tail(child.stderr);
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
    Promise.race([this.#read(sink), this.#destroyed.promise]).then(() => this.#close(sink));
  }

  write(bytes: Uint8Array, release?: () => void): boolean {
    if (this.#ended || this.#isDestroyed || this.#isClosed) return true;
    // A write beyond what the pipe holds gives a promise that settles once all of it went.
    const written = unlessGone(() => this.#child.stdin.write(bytes));
    if (written !== undefined) this.#await(written, bytes.length);
    // What the pipe does not hold has been copied.
    release?.();
    return !this.#full;
  }

  pause(): void {
    this.#resumed ??= Promise.withResolvers();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    unlessGone(() => this.#child.stdin.end())?.catch(() => undefined);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.resume();
    this.#kill();
    this.#destroyed.resolve();
  }

  #kill(): void {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    this.#child.exited.then(() => clearTimeout(timer));
  }

  #await(written: Promise<number>, length: number): void {
    this.#pendingBytes += length;
    this.#full ||= this.#pendingBytes > highWater;
    const settle = () => {
      this.#pendingBytes -= length;
      if (!this.#full || this.#pendingBytes > 0 || this.#isDestroyed || this.#isClosed) return;
      this.#full = false;
      this.#sink?.drain();
    };
    written.then(settle, settle);
  }

  async #read(sink: ByteSink): Promise<void> {
    for await (const bytes of this.#child.stdout) {
      while (this.#resumed !== undefined) await this.#resumed.promise;
      if (this.#isDestroyed) return;
      this.#received = true;
      sink.data(bytes);
    }
    // Unasked, the error that says why is all that there is to say.
    if (this.#ended && !this.#isDestroyed) sink.end();
  }

  /** The stream is over with the child's stdout; the child itself may take a moment more to say why. */
  async #close(sink: ByteSink): Promise<void> {
    const asked = this.#ended || this.#isDestroyed;
    const timer = setTimeout(() => this.#kill(), moment);
    const exitCode = await this.#child.exited;
    clearTimeout(timer);
    // A process that the child left behind may hold its stderr open.
    if (!asked) await Promise.race([this.#stderr.ended, Bun.sleep(moment)]);
    this.#isClosed = true;
    if (asked) {
      sink.close();
      return;
    }
    const { signalCode: signal } = this.#child;
    sink.close(this.#explain({ exitCode, signal, stderr: this.#stderr.text, received: this.#received }));
  }
}

/** Reads to the end and keeps what came last. */
class Tail {
  readonly ended: Promise<void>;
  #kept = new Uint8Array();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stream);
  }

  get text(): string {
    return new TextDecoder().decode(this.#kept).trim();
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stream) {
      const all = new Uint8Array(this.#kept.length + bytes.length);
      all.set(this.#kept);
      all.set(bytes, this.#kept.length);
      this.#kept = all.slice(-stderrKept);
    }
  }
}

/**
 * What a call to a child's stdin still waits for. With a child that is gone it fails, at once or later: the end of its
 * stdout says so, too.
 */
function unlessGone(call: () => number | Promise<number>): Promise<number> | undefined {
  try {
    const result = call();
    return result instanceof Promise ? result : undefined;
  } catch {
    return undefined;
  }
}
