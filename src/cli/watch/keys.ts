import { openKeyMode } from "./key-mode.ts";

/** What a key means while builds are watched. */
export interface KeyHandlers {
  readonly rebuild: () => void;
  readonly quit: () => void;
  readonly interrupt: () => void;
}

/** Where it is no signal: on Windows. */
const interruptKey = "\u0003";

/** Listens to single keys, where stdin is a terminal that we are in front of; undefined elsewhere. */
export function listenForKeys(handlers: KeyHandlers): Disposable | undefined {
  const mode = openKeyMode();
  if (mode === undefined) return undefined;
  const { stdin } = process;
  const onKey = (key: string) => {
    if (key === interruptKey) handlers.interrupt();
    else if (key === "r" || key === "R") handlers.rebuild();
    else if (key === "q" || key === "Q") handlers.quit();
  };
  const onData = (data: Buffer) => {
    for (const key of data.toString("latin1")) onKey(key);
  };
  mode.begin();
  stdin.on("data", onData);
  // Whoever stopped us gave the terminal its own mode.
  process.on("SIGCONT", mode.begin);
  return {
    [Symbol.dispose]() {
      process.off("SIGCONT", mode.begin);
      stdin.off("data", onData);
      mode.end();
      stdin.pause();
    },
  };
}
