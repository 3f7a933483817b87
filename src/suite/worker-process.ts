import { encodeFrame, FrameReader } from "./frame.ts";
import type { Order, Report } from "./message.ts";

/** A worker as its parent has it. */
export interface WorkerProcess {
  send(order: Order): void;
  kill(): void;
  /** What it wrote to stderr, when it has ended. */
  readonly ended: Promise<string>;
}

/** Starts a worker; `hear` gets what it says, in order. */
export function startWorker(command: readonly string[], hear: (report: Report) => void): WorkerProcess {
  const child = Bun.spawn([...command], { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  const words = new Response(child.stderr).text();
  const heard = listen(child.stdout, hear);
  return {
    send: (order) => {
      child.stdin.write(encodeFrame(order));
      child.stdin.flush();
    },
    kill: () => child.kill("SIGKILL"),
    ended: Promise.all([words, heard, child.exited]).then(([text]) => text),
  };
}

async function listen(stream: ReadableStream<Uint8Array>, hear: (report: Report) => void): Promise<void> {
  const frames = new FrameReader<Report>();
  for await (const piece of stream) for (const report of frames.take(piece)) hear(report);
}
