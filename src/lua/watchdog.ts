/** What is said when a process ends that can say nothing more itself. */
export interface LastWords {
  readonly bytes: Uint8Array;
  /** The file descriptor that they are written to. */
  readonly descriptor: number;
  /** Milliseconds until the process ends, for whoever reads them. */
  readonly linger: number;
}

/** The words of a shared buffer's state. */
const state = { armed: 0, calledOff: 1, ending: 2 } as const;

/**
 * Runs in its own thread, so it is text: a busy script leaves the main thread no moment to stop itself, and only
 * libc's `_exit` ends a process from another thread. Every failure to load a C library leads to the next name. A reader
 * that takes nothing must not keep the process.
 */
const source = `
self.onmessage = ({ data: { shared, milliseconds, bytes, descriptor, linger } }) => {
  const view = new Int32Array(shared);
  if (Atomics.wait(view, 0, ${state.armed}, milliseconds) !== "timed-out") return;
  if (Atomics.compareExchange(view, 0, ${state.armed}, ${state.ending}) !== ${state.armed}) return;
  const { writeSync } = require("node:fs");
  const until = performance.now() + 1000;
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (error.code !== "EAGAIN" || performance.now() > until) break;
      Bun.sleepSync(1);
    }
  }
  Bun.sleepSync(linger);
  const { dlopen } = require("bun:ffi");
  const names = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libc.so", "libSystem.B.dylib", "ucrtbase.dll"];
  for (const name of names) {
    try {
      dlopen(name, { _exit: { args: ["i32"], returns: "void" } }).symbols._exit(1);
    } catch {}
  }
};`;

/** Ends the process with its last words and exit code 1 when it is not called off in time. */
export class Watchdog {
  private readonly words: LastWords;
  private worker: Worker | undefined;
  private shared: SharedArrayBuffer | undefined;

  constructor(words: LastWords) {
    this.words = words;
  }

  get armed(): boolean {
    return this.shared !== undefined;
  }

  arm(milliseconds: number): void {
    if (this.worker === undefined) {
      this.worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`);
      this.worker.unref();
    }
    // A buffer of its own for every time: a late wake-up can then never be taken for a later one.
    this.shared = new SharedArrayBuffer(4);
    this.worker.postMessage({ shared: this.shared, milliseconds, ...this.words });
  }

  callOff(): void {
    if (this.shared === undefined) return;
    const view = new Int32Array(this.shared);
    // Nothing may be said after the last words.
    if (Atomics.compareExchange(view, 0, state.armed, state.calledOff) === state.ending)
      Atomics.wait(view, 0, state.ending);
    Atomics.notify(view, 0);
    this.shared = undefined;
  }

  close(): void {
    this.callOff();
    this.worker?.terminate();
    this.worker = undefined;
  }
}
