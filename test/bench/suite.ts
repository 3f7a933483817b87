import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import type { Testbed } from "../../scripts/testbed/record.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { authorCases } from "./author.ts";
import type { Bench, Buildx, DaemonBench, Part } from "./bench.ts";
import { emitCases } from "./emit.ts";
import { exportCases } from "./export.ts";
import { gatewayCases } from "./gateway.ts";
import { progressCases } from "./progress.ts";
import { solveCases } from "./solve.ts";
import { openStopwatch } from "./stopwatch.ts";
import { transportCases } from "./transport.ts";
import { uploadCases } from "./upload.ts";

export interface SuiteOptions {
  readonly goLuakit: string | undefined;
  readonly goGateway: string | undefined;
  /** Undefined where a daemon cannot be had. */
  readonly bed: Testbed | undefined;
}

/** What can be asked for by name, in its order. */
export const partNames = ["emit", "author", "solve", "transfer", "progress", "gateway", "transport"] as const;

export type PartName = (typeof partNames)[number];

/** The parts that a run has; a daemon is started when the first part needs it. `close` ends it and removes all files. */
export interface Suite {
  readonly bench: Bench;
  /** None for a part that cannot be had here. */
  parts(name: PartName): Promise<readonly Part[]>;
  close(): Promise<void>;
}

export async function openSuite({ bed, goLuakit, goGateway }: SuiteOptions): Promise<Suite> {
  const folder = mkdtempSync(join(tmpdir(), "luakit-bench-"));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (let last = closing.pop(); last !== undefined; last = closing.pop()) await last();
  };
  try {
    const stopwatch = await openStopwatch(folder);
    const bench = { luakit: resolve("dist/luakit"), goLuakit, goGateway, folder, stopwatch };
    let started: Promise<DaemonBench> | undefined;
    const withDaemon = (testbed: Testbed) => {
      started ??= startDaemon(bench, testbed, closing);
      return started;
    };
    return { bench, close, parts: (name) => partsOf(name, bench, bed, withDaemon) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function partsOf(
  name: PartName,
  bench: Bench,
  bed: Testbed | undefined,
  withDaemon: (bed: Testbed) => Promise<DaemonBench>,
): Promise<readonly Part[]> {
  if (name === "emit") return [emitCases(bench, bed)];
  if (name === "author") return [authorCases(bench)];
  if (name === "transport") return [transportCases(bench)];
  if (bed === undefined) return [];
  const full = await withDaemon(bed);
  if (name === "solve") return [solveCases(full)];
  if (name === "transfer") return [uploadCases(full), exportCases(full)];
  return [name === "progress" ? progressCases(full) : gatewayCases(full)];
}

async function startDaemon(bench: Bench, bed: Testbed, closing: (() => Promise<void> | void)[]): Promise<DaemonBench> {
  // The daemon takes these from the environment: it would cut the log of a step at 2 MiB.
  Object.assign(process.env, { BUILDKIT_STEP_LOG_MAX_SIZE: "-1", BUILDKIT_STEP_LOG_MAX_SPEED: "-1" });
  const daemon = await startOwnBuildkitd();
  closing.push(daemon.stop);
  return { ...bench, bed, daemon, buildx: await createBuilder(bed, bench.folder, daemon.addr) };
}

async function createBuilder(bed: Testbed, folder: string, addr: string): Promise<Buildx | undefined> {
  if (bed.buildx === undefined) return undefined;
  const env = { BUILDX_CONFIG: join(folder, "buildx"), BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
  await run([bed.buildx, "create", "--driver=remote", "--name=bench", addr], { env });
  return { program: bed.buildx, env };
}
