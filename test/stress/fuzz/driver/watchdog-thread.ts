import { writeInput } from "./corpus.ts";

declare const self: Worker;

/** Milliseconds that one input may take before nobody believes in its end. */
const patience = 30_000;

self.onmessage = ({ data }: MessageEvent<{ readonly kind: string; readonly shared: SharedArrayBuffer }>) => {
  const counts = new Int32Array(data.shared, 0, 2);
  let last = -1;
  setInterval(() => {
    const count = Atomics.load(counts, 0);
    if (count !== last) {
      last = count;
      return;
    }
    const input = Uint8Array.from(new Uint8Array(data.shared, 8, Atomics.load(counts, 1)));
    const path = writeInput(data.kind, "failed", input);
    process.stderr.write(`${data.kind}: no end of the input in ${path}\n`);
    process.kill(process.pid, "SIGKILL");
  }, patience);
};
