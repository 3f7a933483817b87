import { encodeFrame, FrameReader } from "./frame.ts";
import type { Order, Report } from "./message.ts";

/** A worker as its parent has it. */
export interface WorkerProcess {
  send(order: Order): void;
  kill(): void;
  /** What it wrote to stderr, when it has ended. */
  readonly ended: Promise<string>;
}

/** How a worker is started. */
export interface WorkerStart {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * The runtime has address space for four memories of WebAssembly that need no checks of bounds, and collects garbage
 * before it makes a fifth one. A worker makes hundreds, one for each script: with checks they are made at once.
 */
const manyMemories = { BUN_JSC_useWasmFastMemory: "0" };

/** Starts a worker; `hear` gets what it says, in order. */
export function startWorker({ command, variables }: WorkerStart, hear: (report: Report) => void): WorkerProcess {
  const env = { ...variables, ...manyMemories };
  const child = Bun.spawn([...command], { stdin: "pipe", stdout: "pipe", stderr: "pipe", env });
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
