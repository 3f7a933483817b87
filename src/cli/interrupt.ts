import { readFileSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";

/** Ctrl-C and SIGTERM as something that can be waited for. */
export interface Interrupt {
  /** Aborts with the LuakitError "interrupted". */
  readonly signal: AbortSignal;
  /** Aborts when the process ends at once: what its listeners do must be done when they return. */
  readonly lastCall: AbortSignal;
  /** Runs what may keep the event loop busy: meanwhile a signal ends the process as it does without us. */
  without<T>(busy: () => Promise<T>): Promise<T>;
  /** Gives the signals back to the runtime. */
  release(): void;
}

/** With their numbers, which are the same everywhere. */
const signals = [
  ["SIGINT", 2],
  ["SIGTERM", 15],
  ["SIGHUP", 1],
] as const;
/** Milliseconds that an interrupted build has to end in order; what is told then must be over within two seconds, too. */
const grace = 1200;
const exitStatus = 130;

/** Listens for the signals that end a build. The second one, or an end that takes too long, ends the process at once. */
export function listenForInterrupt(): Interrupt {
  const first = new AbortController();
  const last = new AbortController();
  const heeded = heededSignals();
  let timer: Timer | undefined;
  const leave = () => {
    last.abort();
    process.exit(exitStatus);
  };
  const onSignal = () => {
    if (first.signal.aborted) leave();
    timer = setTimeout(leave, grace);
    first.abort(new LuakitError("interrupted", "the build was interrupted"));
  };
  const listen = () => {
    for (const signal of heeded) process.on(signal, onSignal);
  };
  const release = () => {
    clearTimeout(timer);
    for (const signal of heeded) process.off(signal, onSignal);
  };
  listen();
  return {
    signal: first.signal,
    lastCall: last.signal,
    async without(busy) {
      // A signal that has come already is heard now or never.
      await new Promise(setImmediate);
      first.signal.throwIfAborted();
      release();
      try {
        return await busy();
      } finally {
        listen();
      }
    },
    release,
  };
}

/** The signals that whoever started us has not had ignored, as nohup does; Linux tells. */
function heededSignals() {
  try {
    const [, mask = "0"] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    const ignored = BigInt(`0x${mask}`);
    return signals.filter(([, number]) => ((ignored >> BigInt(number - 1)) & 1n) === 0n).map(([name]) => name);
  } catch {
    return signals.map(([name]) => name);
  }
}
