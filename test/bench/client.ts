import { join } from "node:path";
import { type Bench, commandOf, type DaemonBench } from "./bench.ts";
import type { Contender } from "./case.ts";
import type { Command } from "./stopwatch.ts";

/** The commands of those who build on the daemon of the benchmarks. All tell their progress as plain text. */
export function luakitBuild({ luakit, daemon }: DaemonBench, flags: readonly string[]): Command {
  return { argv: [luakit, "build", "--solve", "--addr", daemon.addr, "--progress=plain", ...flags] };
}

export function buildctlBuild({ bed, daemon }: DaemonBench, flags: readonly string[]): Command {
  return { argv: [bed.buildctl, "--addr", daemon.addr, "build", "--progress=plain", ...flags] };
}

/** None where there is no buildx. The result goes nowhere, unless the flags say more. */
export function buildxBuild(
  bench: DaemonBench,
  flags: () => readonly string[] | Promise<readonly string[]>,
  output = "type=cacheonly",
): Contender[] {
  const { buildx } = bench;
  if (buildx === undefined) return [];
  const words = [buildx.program, "build", "--builder=bench", "--progress=plain", `--output=${output}`];
  return [commandOf(bench, "buildx", async () => ({ argv: [...words, ...(await flags())], env: buildx.env }))];
}

/** A Definition for buildctl, without asking registries. */
export function define({ luakit, folder }: Bench, script: string, flags: readonly string[] = []): string {
  const file = join(folder, `${crypto.randomUUID()}.pb`);
  const { exitCode, stderr } = Bun.spawnSync([luakit, "build", "--no-resolve", "-o", file, ...flags, script]);
  if (exitCode !== 0) throw new Error(`luakit build ${script}: ${stderr.toString()}`);
  return file;
}
