import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "./build.ts";
import { runLuakit, writeScript } from "./luakit.ts";
import { type Ended, type Running, startLuakit } from "./running.ts";
import { testbed } from "./testbed.ts";

/** A build, and how far it is to come before something happens to it. */
export interface Stage {
  readonly script: string;
  readonly flags?: readonly string[];
  /** Default: the newest daemon. */
  readonly daemon?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Makes what lies beside the script. */
  readonly prepare?: (directory: string) => void;
  readonly reached: (running: Running, directory: string) => Promise<unknown>;
}

export interface StageEnd extends Ended {
  /** From what was done to the build to its end. */
  readonly delay: number;
  /** Files and directories that were not there before. */
  readonly left: readonly string[];
  readonly children: readonly string[];
  /** What the daemon calls the build; empty when there was none. */
  readonly ref: string;
}

/** Builds with plain progress as far as the stage goes, then acts, and gives how that ended. */
export function endAt(stage: Stage, act: (running: Running) => unknown): Promise<StageEnd> {
  return inDirectory(async (directory) => {
    writeScript(directory, stage.script);
    stage.prepare?.(directory);
    const before = new Set(listFiles(directory));
    const { daemon = ["--addr", testbed().addr], flags = [] } = stage;
    const words = ["build", "--solve", ...daemon, "--progress=plain", "--ref-file=ref", ...flags, "build.lua"];
    const running = startLuakit(words, { cwd: directory, env: stage.env ?? {} });
    try {
      await stage.reached(running, directory);
      const acted = performance.now();
      await act(running);
      const ended = await running.ended;
      const delay = performance.now() - acted;
      const left = listFiles(directory).filter((name) => !before.has(name) && name !== "ref");
      const ref = existsSync(join(directory, "ref")) ? readFileSync(join(directory, "ref"), "utf8") : "";
      return { ...ended, delay, left, ref, children: await lasting(running) };
    } catch (error) {
      running.signal("SIGKILL");
      throw error;
    }
  });
}

export function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" });
}

/** Whether there is something below the directory that has some bytes, such as a file that is being written. */
export function hasBytes(directory: string, name: string, bytes: number): boolean {
  return listFiles(directory).some((path) => {
    if (!path.startsWith(name)) return false;
    const stat = lstatSync(join(directory, path), { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size >= bytes;
  });
}

/** What still runs of a process's children a moment later. */
async function lasting(running: Running): Promise<readonly string[]> {
  for (let tries = 0; tries < 50 && running.children().length > 0; tries++) await Bun.sleep(20);
  return running.children();
}

/** What the daemon's history says of a build, once it has ended there. */
export async function statusAt(addr: string, ref: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const { stdout } = await runLuakit(["history", "ls", "--addr", addr, "--format=json", "--filter", `ref=${ref}`], {
      cwd: "/",
    });
    const status = JSON.parse(stdout)[0]?.status;
    if ((status !== undefined && status !== "running") || tries === 20) return status;
    await Bun.sleep(100);
  }
}
