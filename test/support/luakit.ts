import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Files, luakit, writeFiles } from "./build.ts";
import { watchMemory } from "./peak-memory.ts";

export interface LuakitOptions {
  readonly cwd: string;
  /** Variables beside PATH and a HOME without anything in it. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** What is run instead of the executable. */
  readonly program?: readonly string[];
}

export interface LuakitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly stderr: string;
  readonly milliseconds: number;
  /** Peak resident memory of the process in bytes. */
  readonly memory: number;
}

/** Runs the executable; nothing of the test's environment reaches it. */
export async function runLuakit(args: readonly string[], options: LuakitOptions): Promise<LuakitResult> {
  const started = performance.now();
  const child = Bun.spawn([...(options.program ?? [luakit]), ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? "", HOME: join(options.cwd, "no-home"), ...options.env },
    stdin: options.stdin === undefined ? "ignore" : new Blob([options.stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const watched = watchMemory(child.pid);
  const [bytes, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const milliseconds = performance.now() - started;
  const memory = watched.peak();
  return {
    exitCode,
    stdout: new TextDecoder().decode(bytes),
    bytes: Uint8Array.from(bytes),
    stderr,
    milliseconds,
    memory,
  };
}

/** Writes `build.lua`, and files beside it, into a directory. */
export function writeScript(directory: string, script: string, files: Files = {}): void {
  mkdirSync(directory, { recursive: true });
  writeFiles(directory, { ...files, "build.lua": script });
}
