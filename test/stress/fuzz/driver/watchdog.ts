/** The most bytes of an input that are kept for what the watchdog writes. */
const room = 1 << 20;

/** Ends a process that does not come back from an input, and leaves the input in a file. */
export interface Watchdog {
  /** An input begins. */
  begin(input: Uint8Array): void;
  close(): void;
}

/** Watches from a thread of its own: what hangs here cannot stop it. */
export function openWatchdog(kind: string): Watchdog {
  const shared = new SharedArrayBuffer(8 + room);
  const counts = new Int32Array(shared, 0, 2);
  const kept = new Uint8Array(shared, 8);
  const worker = new Worker(new URL("./watchdog-thread.ts", import.meta.url).href);
  worker.unref();
  worker.postMessage({ kind, shared });
  return {
    begin(input) {
      kept.set(input.subarray(0, room));
      Atomics.store(counts, 1, Math.min(room, input.length));
      Atomics.add(counts, 0, 1);
    },
    close: () => worker.terminate(),
  };
}
