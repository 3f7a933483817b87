import { LuakitError } from "../diagnostic/luakit-error.ts";

/** Ctrl-C and SIGTERM as something that can be waited for. */
export interface Interrupt {
  /** Aborts with the LuakitError "interrupted". */
  readonly signal: AbortSignal;
  /** Gives the signals back to the runtime. */
  release(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens for the signals that end a build. The second one ends the process at once, after `lastWords`. */
export function listenForInterrupt(lastWords: () => void): Interrupt {
  const abort = new AbortController();
  const onSignal = () => {
    if (!abort.signal.aborted) return abort.abort(new LuakitError("interrupted", "the build was interrupted"));
    lastWords();
    process.exit(130);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: abort.signal,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
