import { afterAll, beforeAll, describe } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { type LuakitResult, runLuakit } from "./luakit.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "./own-buildkitd.ts";
import { testbed } from "./testbed.ts";

/** Two daemons of this machine, the second of which says that it is for linux/arm64, as builders of buildx. */
export interface BuilderPool extends AsyncDisposable {
  readonly amd64: OwnBuildkitd;
  readonly arm64: OwnBuildkitd;
  /** Where buildx keeps its builders. `pool` has nodes pool0 and pool1, created for their platforms. */
  readonly config: string;
  /** Runs buildx and gives its stdout; throws when it fails. */
  buildx(args: readonly string[], cwd?: string): Promise<string>;
  /** Runs luakit; nothing of this machine's builders is seen. */
  luakit(args: readonly string[], cwd: string, env?: Readonly<Record<string, string>>): Promise<LuakitResult>;
}

/** For both platforms of a pool. */
export const bothPlatforms = "linux/amd64,linux/arm64";

/** Describes what a pool does, at the same time; the pool is there while the tests of the file run. Needs buildx. */
export const describePool = testbed().buildx === undefined ? describe.skip : describe.concurrent;

/** Starts a pool before the tests of the file, and ends it after them. */
export function usePool(): () => BuilderPool {
  let pool: BuilderPool | undefined;
  beforeAll(async () => {
    if (testbed().buildx !== undefined) pool = await startBuilderPool();
  });
  afterAll(() => pool?.[Symbol.asyncDispose]());
  return () => {
    if (pool === undefined) throw new Error("the pool is there while tests run");
    return pool;
  };
}

async function startBuilderPool(): Promise<BuilderPool> {
  await using stack = new AsyncDisposableStack();
  const config = mkdtempSync(join(tmpdir(), "luakit-buildx-"));
  stack.defer(() => rmSync(config, { recursive: true, force: true }));
  const starting = ["linux/amd64", "linux/arm64"].map((platform) => startOwnBuildkitd({ platforms: [platform] }));
  for (const each of await Promise.allSettled(starting)) if (each.status === "fulfilled") stack.use(each.value);
  const [amd64, arm64] = await Promise.all(starting);
  if (amd64 === undefined || arm64 === undefined) throw new RangeError("two daemons were to start");
  const { buildx: program } = testbed();
  if (program === undefined)
    throw new Error("the testbed has no buildx: run `bun scripts/testbed.ts up --with buildx`");
  const buildx = (args: readonly string[], cwd = config) =>
    run([program, ...args], { cwd, env: { BUILDX_CONFIG: config } });
  await buildx(["create", "--name=pool", "--driver=remote", "--platform=linux/amd64", amd64.addr]);
  await buildx(["create", "--name=pool", "--append", "--platform=linux/arm64", arm64.addr]);
  const kept = stack.move();
  return {
    amd64,
    arm64,
    config,
    buildx,
    luakit: (args, cwd, env = {}) => runLuakit(args, { cwd, env: { BUILDX_CONFIG: config, ...env } }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
