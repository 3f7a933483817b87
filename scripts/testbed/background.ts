import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";
import { endProcesses, listProcesses, readProcess, readStart } from "./process-table.ts";
import { say } from "./progress.ts";

/** A process that outlives `up`. `started` is the kernel's start tick: a pid alone may be somebody else's by now. */
interface Running {
  readonly pid: number;
  readonly started: string;
}

export interface BackgroundOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Answers whether the process serves; asked until it does. */
  readonly ready: () => Promise<boolean>;
  readonly seconds?: number;
}

const mark = "LUAKIT_TESTBED_STATE";

/** Starts the process unless it runs already, and waits until it serves. */
export async function ensureBackground(place: Place, options: BackgroundOptions): Promise<void> {
  if (isRunning(place, options.name)) return;
  const running = startBackground(place, options);
  const deadline = Date.now() + (options.seconds ?? 30) * 1000;
  while (!(await options.ready().catch(() => false))) {
    if (readStart(running.pid) !== running.started) throw failure(place, options.name, "ended at once");
    if (Date.now() > deadline) throw failure(place, options.name, "does not answer");
    await Bun.sleep(25);
  }
  say(`started ${options.name} (pid ${running.pid})`);
}

/** True when the process that was recorded under `name` still runs. */
export function isRunning(place: Place, name: string): boolean {
  const file = runFile(place, name);
  if (!existsSync(file)) return false;
  const { pid, started }: Running = JSON.parse(readFileSync(file, "utf8"));
  return readStart(pid) === started;
}

/** Names of all processes that were started and not stopped, running or not. */
export function listBackground(place: Place): string[] {
  const directory = join(place.state, "run");
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []));
}

/** The file that takes what the process writes. */
export function logFile(place: Place, name: string): string {
  return join(place.state, "log", `${name}.log`);
}

/** Ends the process group that was recorded under `name`. */
export async function stopBackground(place: Place, name: string): Promise<void> {
  const file = runFile(place, name);
  if (isRunning(place, name)) {
    const { pid }: Running = JSON.parse(readFileSync(file, "utf8"));
    await endProcesses([pid], -1);
  }
  rmSync(file, { force: true });
}

/** Ends every process that carries this testbed's mark, recorded or not (an interrupted `up` records nothing). */
export async function stopMarked(place: Place): Promise<void> {
  await endProcesses(listMarked(place), 1);
}

function startBackground(place: Place, { name, argv, env }: BackgroundOptions): Running {
  const [program = "", ...args] = argv;
  mkdirSync(join(place.state, "log"), { recursive: true });
  mkdirSync(join(place.state, "run"), { recursive: true });
  const log = openSync(logFile(place, name), "a");
  const child = spawn(program, args, {
    cwd: place.state,
    detached: true,
    env: { ...process.env, ...env, [mark]: place.state },
    stdio: ["ignore", log, log],
  });
  child.on("error", (error) => say(`${name}: ${error.message}`));
  child.unref();
  const running = { pid: child.pid ?? -1, started: readStart(child.pid ?? -1) ?? "never" };
  writeFileSync(runFile(place, name), JSON.stringify(running));
  return running;
}

function listMarked(place: Place): number[] {
  return listProcesses().filter((pid) => readProcess(pid, "environ")?.split("\0").includes(`${mark}=${place.state}`));
}

function runFile(place: Place, name: string): string {
  return join(place.state, "run", `${name}.json`);
}

function failure(place: Place, name: string, what: string): Error {
  const file = logFile(place, name);
  const tail = readFileSync(file, "utf8").trim().split("\n").slice(-15).join("\n");
  return new Error(`${name} ${what}; the end of ${file}:\n${tail}`);
}
