import { foregroundProcess } from "../terminal-size.ts";

/** What a key means while builds are watched. */
export interface KeyHandlers {
  readonly rebuild: () => void;
  readonly quit: () => void;
  readonly interrupt: () => void;
}

const interruptKey = "\u0003";
const suspendKey = "\u001a";

/** Listens to single keys, where stdin is the terminal that we are in front of; undefined elsewhere. */
export function listenForKeys(handlers: KeyHandlers): Disposable | undefined {
  const { stdin } = process;
  if (!stdin.isTTY || !foregroundProcess()) return undefined;
  const restore = () => void stdin.setRawMode(false);
  const take = () => void stdin.setRawMode(true);
  const suspend = () => {
    restore();
    process.kill(process.pid, "SIGTSTP");
  };
  const onKey = (key: string) => {
    if (key === interruptKey) handlers.interrupt();
    else if (key === suspendKey && process.platform !== "win32") suspend();
    else if (key === "r" || key === "R") handlers.rebuild();
    else if (key === "q" || key === "Q") handlers.quit();
  };
  const onData = (data: Buffer) => {
    for (const key of data.toString("latin1")) onKey(key);
  };
  take();
  stdin.on("data", onData);
  process.on("SIGCONT", take);
  return {
    [Symbol.dispose]() {
      process.off("SIGCONT", take);
      stdin.off("data", onData);
      restore();
      stdin.pause();
    },
  };
}
