import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit } from "./build.ts";
import { watchMemory } from "./peak-memory.ts";

export interface StartOptions {
  readonly cwd: string;
  /** Variables beside PATH and a HOME of the process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where stdout goes; it is dropped by default. */
  readonly stdout?: number;
  /** Where stderr goes; by default it is in `text()`. */
  readonly stderr?: number;
  /** A terminal for stdin, stdout and stderr. */
  readonly terminal?: Bun.Terminal;
  /** What is run instead of the executable. */
  readonly program?: readonly string[];
}

/** How a process ended. */
export interface Ended {
  /** As a shell has it: 128 and the signal's number when a signal ended it. */
  readonly exitCode: number;
  /** All of stderr. */
  readonly stderr: string;
  /** From the last signal that was sent, else from the start, to the end. */
  readonly milliseconds: number;
  /** Peak resident memory in bytes. */
  readonly memory: number;
}

/** A luakit that runs. */
export interface Running {
  readonly pid: number;
  /** What it has written to stderr so far. */
  text(): string;
  /** Waits until it has written this; throws when it ends before. */
  wrote(text: string | RegExp): Promise<void>;
  /** Waits until something is so; throws when it ends before. */
  until(isSo: () => boolean): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
  /** The command lines of the processes that it has started, or they, and that run still. */
  children(): readonly string[];
}

/** Starts the executable; nothing of the test's environment reaches it. */
export function startLuakit(args: readonly string[], options: StartOptions): Running {
  const { cwd, env = {}, stdout = "ignore", stderr = "pipe", terminal, program = [luakit] } = options;
  const home = mkdtempSync(join(tmpdir(), "luakit-home-"));
  const given = { cwd, env: { PATH: process.env.PATH ?? "", HOME: home, ...env } };
  const child =
    terminal === undefined
      ? Bun.spawn([...program, ...args], { ...given, stdin: "ignore", stdout, stderr })
      : Bun.spawn([...program, ...args], { ...given, terminal });
  const watched = watchMemory(child.pid);
  let text = "";
  let since = performance.now();
  const read = async () => {
    if (typeof child.stderr !== "object" || child.stderr === null) return;
    const decoder = new TextDecoder();
    for await (const bytes of child.stderr) text += decoder.decode(bytes, { stream: true });
  };
  const reading = read();
  const ended = child.exited.then(async (exitCode) => {
    const milliseconds = performance.now() - since;
    // A process that is left behind may hold stderr open.
    await Promise.race([reading, Bun.sleep(1000)]);
    rmSync(home, { recursive: true, force: true });
    return { exitCode, stderr: text, milliseconds, memory: watched.peak() };
  });
  const waitUntil = (isSo: () => boolean, what: string) =>
    until(isSo, () =>
      child.exitCode === null ? undefined : `luakit ends with ${child.exitCode} before ${what}:\n${text}`,
    );
  return {
    pid: child.pid,
    text: () => text,
    wrote: (wanted) => waitUntil(() => contains(text, wanted), `it writes ${wanted}`),
    until: (isSo) => waitUntil(isSo, String(isSo)),
    signal(name) {
      since = performance.now();
      child.kill(name);
    },
    ended,
    children: () => processesOf(home, child.pid),
  };
}

function contains(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}

/** Waits until something is so, for 15 s at most; `gone` says why it cannot be any more. */
export async function until(isSo: () => boolean, gone: () => string | undefined = () => undefined): Promise<void> {
  for (const end = Date.now() + 15_000; ; await Bun.sleep(5)) {
    if (isSo()) return;
    const why = gone() ?? (Date.now() > end ? `not within 15 s: ${isSo}` : undefined);
    if (why !== undefined) throw new Error(why);
  }
}

/** The command lines of the processes that have `home` as HOME, but for one. */
function processesOf(home: string, except: number): readonly string[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || name === String(except)) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, "latin1").includes(`HOME=${home}\0`)) return [];
      return [readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim()];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
