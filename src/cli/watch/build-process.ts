import { closeSync } from "node:fs";
import type { Terminal } from "../terminal.ts";

/** One run of a command, as a process of its own: limits end it alone, and its memory goes with it. */
export interface BuildProcess {
  /** Resolves with the exit status. */
  readonly ended: Promise<number>;
  /** Ends it as Ctrl-C does; what takes longer than it should is killed. */
  cancel(): void;
  kill(): void;
}

/** Milliseconds that a cancelled build has. */
const grace = 3000;
/** Milliseconds after its end in which reports are still read. */
const lateReports = 200;
/** Where the process tells which files it looks for. */
const reports = 3;

/** Starts luakit with these words. `looked` is called with each line that it reports, before the files are read. */
export function startBuild(words: readonly string[], terminal: Terminal, looked: (line: string) => void): BuildProcess {
  const child = Bun.spawn([...ownProgram(), ...words], {
    cwd: terminal.cwd,
    env: { ...terminal.variables, LUAKIT_WATCHED: String(reports) },
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    // Ctrl-C at the terminal is for us alone: a second signal would keep the build from ending in order.
    detached: process.platform !== "win32",
  });
  const reading = readLines(child.stdio[reports], looked);
  let timer: Timer | undefined;
  const kill = () => child.kill("SIGKILL");
  const ended = child.exited.then(async (status) => {
    clearTimeout(timer);
    // Its own processes may still have the pipe.
    await Promise.race([reading, Bun.sleep(lateReports)]);
    return status;
  });
  return {
    ended,
    cancel() {
      if (timer !== undefined) return;
      child.kill("SIGINT");
      timer = setTimeout(kill, grace);
    },
    kill,
  };
}

/** What runs this: the executable, or Bun with the sources. */
function ownProgram(): readonly string[] {
  const isExecutable = Bun.main.startsWith("/$bunfs/") || /^[A-Z]:[\\/]~BUN/i.test(Bun.main);
  return isExecutable ? [process.execPath] : [process.execPath, Bun.main];
}

async function readLines(descriptor: unknown, each: (line: string) => void): Promise<void> {
  if (typeof descriptor !== "number") return;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of Bun.file(descriptor).stream()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) each(line);
  }
  // It is ours: a day of builds would use up all that there are.
  closeSync(descriptor);
}
