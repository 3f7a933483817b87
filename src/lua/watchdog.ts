/**
 * Runs in its own thread, so it is text: a busy script leaves the main thread no moment to stop itself, and only
 * libc's `_exit` ends a process from another thread. Every failure to load a C library leads to the next name.
 */
const source = `
self.onmessage = ({ data: { shared, milliseconds, text } }) => {
  if (Atomics.wait(new Int32Array(shared), 0, 0, milliseconds) !== "timed-out") return;
  require("node:fs").writeSync(2, text);
  const { dlopen } = require("bun:ffi");
  const names = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libc.so", "libSystem.B.dylib", "ucrtbase.dll"];
  for (const name of names) {
    try {
      dlopen(name, { _exit: { args: ["i32"], returns: "void" } }).symbols._exit(1);
    } catch {}
  }
};`;

/** Ends the process with `text` on stderr and exit code 1 when it is not called off in time. */
export class Watchdog {
  private readonly text: string;
  private worker: Worker | undefined;
  private shared: SharedArrayBuffer | undefined;

  constructor(text: string) {
    this.text = text;
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
    this.worker.postMessage({ shared: this.shared, milliseconds, text: this.text });
  }

  callOff(): void {
    if (this.shared === undefined) return;
    const view = new Int32Array(this.shared);
    Atomics.store(view, 0, 1);
    Atomics.notify(view, 0);
    this.shared = undefined;
  }

  close(): void {
    this.callOff();
    this.worker?.terminate();
    this.worker = undefined;
  }
}
