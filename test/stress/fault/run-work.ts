import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "../../support/build.ts";
import { writeScript } from "../../support/luakit.ts";
import { type Ended, type Running, startLuakit } from "../../support/running.ts";
import { fingerprint, hash, type Work } from "./builds.ts";
import type { Random } from "./frame-faults.ts";

/** How one run of a work ended. */
export interface WorkEnd extends Ended {
  /** What came out, as one text; the same text is the same outcome. */
  readonly outcome: string;
  /** What a right outcome is, for works that know it themselves. */
  readonly expected: string | undefined;
  /** What lies there that did not before. */
  readonly left: readonly string[];
  /** What is left in the directory for temporary files. */
  readonly temporary: readonly string[];
  /** Command lines of processes that are left. */
  readonly children: readonly string[];
}

export interface WorkSettings {
  readonly addr: string;
  readonly random: Random;
  /** Something that happens while it runs. */
  readonly meanwhile?: (running: Running, directory: string) => unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: readonly string[];
  /** Flags that choose the daemon, instead of its address. */
  readonly daemon?: readonly string[];
  /** Further flags. */
  readonly flags?: readonly string[];
  /** A directory of its own that lies somewhere else than those of other works. */
  readonly root?: string;
  /** Called when everything is there, before the process starts. */
  readonly prepared?: (directory: string) => void;
  /** Where stderr goes, instead of into the end. */
  readonly stderr?: number;
  /** Instead of all three of them. */
  readonly terminal?: Bun.Terminal;
  /** What was written there. */
  readonly written?: () => string;
  /** Looks at the directory when the process has ended. */
  readonly afterwards?: (directory: string, end: WorkEnd) => Promise<void>;
}

/** Runs a work in a directory of its own and looks at what is left. */
export function runWork(work: Work, settings: WorkSettings): Promise<WorkEnd> {
  const run = (root: string) => runIn(root, work, settings);
  return settings.root === undefined ? inDirectory(run) : run(settings.root);
}

async function runIn(root: string, work: Work, settings: WorkSettings): Promise<WorkEnd> {
  const [directory, temporary] = [join(root, "work"), join(root, "tmp")];
  mkdirSync(temporary);
  writeScript(directory, work.script ?? "");
  work.prepare?.(directory, settings.random);
  const before = new Set(list(directory));
  settings.prepared?.(root);
  const stdout = openSync(join(root, "stdout"), "w");
  const running = startLuakit(wordsOf(work, settings), {
    cwd: directory,
    stdout,
    env: { TMPDIR: temporary, ...work.env, ...settings.env },
    ...(settings.terminal !== undefined && { terminal: settings.terminal }),
    ...(settings.stderr !== undefined && { stderr: settings.stderr }),
    ...(settings.program !== undefined && { program: settings.program }),
  });
  closeSync(stdout);
  try {
    await settings.meanwhile?.(running, directory);
    const ended = await running.ended;
    const written = readFileSync(join(root, "stdout"));
    const end = {
      ...ended,
      stderr: settings.written?.() ?? ended.stderr,
      outcome: describeOutcome(work, directory, written),
      expected: work.expected === undefined ? undefined : `${work.outputs[0]}: ${work.expected(directory)}`,
      left: list(directory).filter((name) => !before.has(name)),
      temporary: list(temporary),
      children: await lasting(running),
    };
    await settings.afterwards?.(directory, end);
    return end;
  } catch (error) {
    running.signal("SIGKILL");
    throw error;
  }
}

/** Nothing of a work is remembered from another one. */
export function wordsOf(work: Work, { addr, daemon = ["--addr", addr], flags = [] }: WorkSettings): string[] {
  const [command = "", ...rest] = work.command;
  const words = rest.map((word) => word.replace("NUMBER", crypto.randomUUID()));
  return [command, ...daemon, ...words, ...flags, ...(work.script === undefined ? [] : ["build.lua"])];
}

export function describeOutcome(work: Work, directory: string, stdout: Uint8Array): string {
  const files = work.outputs.map((name) => `${name}: ${fingerprint(directory, name)}`);
  const checked = work.check === undefined ? [] : [work.check(directory)];
  return [...files, ...checked, ...(work.hasOutput === true ? [`stdout: ${hash(stdout)}`] : [])].join("\n");
}

function list(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted();
}

async function lasting(running: Running): Promise<readonly string[]> {
  for (let tries = 0; tries < 50 && running.children().length > 0; tries++) await Bun.sleep(20);
  return running.children();
}
