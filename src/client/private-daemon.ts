import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError } from "../diagnostic/system-error.ts";
import { findProgram } from "../host/find-program.ts";
import { parseObject, textMember } from "../image/json.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { inPrivateDirectory, privateFailure } from "./private-failure.ts";
import {
  clearRun,
  describeRun,
  joinRun,
  leaveRun,
  type PrivateRun,
  readRunLog,
  type StartedRun,
  startRun,
} from "./private-run.ts";

/** How a buildkitd of one's own is started: what goes before `--addr`. */
export interface PrivateProgram {
  readonly command: readonly string[];
  /** Where its cache, its log and the note of its run are. */
  readonly directory: string;
}

/** A private daemon that answers, with what `reach` made of it. */
export interface PrivateDaemon<T> {
  readonly reached: T;
  readonly address: string;
  /** The daemon ends when nobody uses it any more. */
  readonly release: () => Promise<void>;
}

/** Tries to talk to a daemon once; rejects with `daemon.unreachable` when it does not answer. */
export type Reach<T> = (address: string) => Promise<T>;

/** When to stop to wait for a daemon: at a time, or when the signal aborts, which rejects with its reason. */
interface Limit {
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** How long a daemon may take until it answers; reading a big cache takes seconds. */
const patience = 60_000;

/** The buildkitd on PATH, through rootlesskit when not root; text says why there is none. */
export function findPrivateProgram(host: HostEnvironment): PrivateProgram | string {
  const { variables } = host;
  const which = (name: string) => findProgram(name, variables);
  const program = which("buildkitd");
  if (program === undefined) return "there is no buildkitd on PATH";
  const rootless = host.userId !== 0;
  const helper = rootless ? which("rootlesskit") : undefined;
  if (rootless && helper === undefined) return "buildkitd is on PATH, but not root it needs rootlesskit, which is not";
  const directory = join(variables.XDG_DATA_HOME || join(host.home, ".local/share"), "luakit/buildkit");
  const flags = (variables.BUILDKITD_FLAGS ?? "").split(/\s+/).filter((flag) => flag !== "");
  const root = flags.some((flag) => /^--?root(=|$)/.test(flag)) ? [] : ["--root", join(directory, "root")];
  const command = [...(helper === undefined ? [] : [helper]), program, ...root, ...entitlements, ...flags];
  return { command, directory };
}

/** A build asks for these by itself with --allow, and the daemon is nobody else's. */
const entitlements = ["network.host", "security.insecure"].flatMap((name) => ["--allow-insecure-entitlement", name]);

/**
 * Uses the private daemon: the one that another luakit has started, else a new one. Only one can have the cache; a
 * buildkitd that finds it taken ends, and then the other one is joined. Throws `daemon.unreachable` with the log's end.
 */
export async function openPrivateDaemon<T>(
  { command, directory }: PrivateProgram,
  host: HostEnvironment,
  reach: Reach<T>,
  signal: AbortSignal | undefined,
): Promise<PrivateDaemon<T>> {
  inPrivateDirectory(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  const limit = { deadline: performance.now() + patience, signal };
  const log = join(directory, "buildkitd.log");
  let ownCollector = true;
  for (;;) {
    const joined = await joinRunning(directory, reach, limit);
    if (joined !== undefined) return joined;
    const run = await start(command, ownCollector, log, host);
    const outcome = await reachUsed(run, run.user, reach, run.ended, limit);
    if ("reached" in outcome) {
      await publishOrLeave(directory, run);
      return { ...outcome, address: run.address, release: () => leaveRun(run, run.user) };
    }
    const said = readRunLog(run, log);
    if (ownCollector && said.includes("not defined: -otel-socket-path")) ownCollector = false;
    else if (!said.includes("buildkitd.lock, another instance") || performance.now() > limit.deadline) {
      throw privateFailure({ ...outcome, status: await statusOf(run) }, said, log);
    } else await Bun.sleep(50);
  }
}

async function joinRunning<T>(directory: string, reach: Reach<T>, limit: Limit): Promise<PrivateDaemon<T> | undefined> {
  const run = published(directory);
  if (run === undefined) return undefined;
  const user = joinRun(run);
  if (user === undefined) {
    clearRun(run);
    return undefined;
  }
  const outcome = await reachUsed(run, user, reach, new Promise(() => {}), limit);
  if ("reached" in outcome) return { ...outcome, address: run.address, release: () => leaveRun(run, user) };
  return undefined;
}

/** Lets go of the run unless it is reached. */
async function reachUsed<T>(
  run: PrivateRun,
  user: number,
  reach: Reach<T>,
  ended: Promise<unknown>,
  limit: Limit,
): Promise<{ readonly reached: T } | Unreached> {
  let outcome: { readonly reached: T } | Unreached = { reason: undefined };
  try {
    outcome = await reachRun(run, reach, ended, limit);
    return outcome;
  } finally {
    if (!("reached" in outcome)) await leaveRun(run, user);
  }
}

/** Why a run was not reached; without a reason it has ended. */
interface Unreached {
  readonly reason: string | undefined;
}

/** Tries until the daemon answers, has ended, or time is over. */
async function reachRun<T>(
  run: PrivateRun,
  reach: Reach<T>,
  ended: Promise<unknown>,
  { deadline, signal }: Limit,
): Promise<{ readonly reached: T } | Unreached> {
  let over = false;
  let reason = "its socket does not appear";
  ended.then(() => {
    over = true;
  });
  while (!over && existsSync(run.directory)) {
    signal?.throwIfAborted();
    try {
      if (existsSync(run.address.slice("unix://".length))) return { reached: await reach(run.address) };
    } catch (error) {
      if (!(error instanceof LuakitError) || error.code !== "daemon.unreachable") throw error;
      reason = error.message;
    }
    if (performance.now() > deadline) return { reason };
    await Bun.sleep(5);
  }
  return { reason: undefined };
}

async function start(
  command: readonly string[],
  ownCollector: boolean,
  log: string,
  { variables }: HostEnvironment,
): Promise<StartedRun> {
  const { XDG_RUNTIME_DIR, TMPDIR } = variables;
  // A socket's path has at most 107 bytes.
  const parents = [XDG_RUNTIME_DIR, TMPDIR, "/tmp"].filter((path) => path?.startsWith("/") && path.length < 70);
  const parent = parents.find((path) => existsSync(path ?? "")) ?? "/tmp";
  try {
    return await startRun({ command, ownCollector, parent, log, variables });
  } catch (cause) {
    const reason = describeSystemError(cause);
    throw new LuakitError("daemon.unreachable", `a private buildkitd cannot be started: ${reason}`, { cause });
  }
}

/** The exit status of a daemon that has ended; one that runs still is not waited for. */
function statusOf({ ended }: StartedRun): Promise<number | undefined> {
  return Promise.race([ended, Bun.sleep(500).then(() => undefined)]);
}

async function publishOrLeave(directory: string, run: StartedRun): Promise<void> {
  try {
    inPrivateDirectory(directory, () => publish(directory, run));
  } catch (error) {
    await leaveRun(run, run.user);
    throw error;
  }
}

/** The note of the run that others may join. Only the daemon that has the cache gets here. */
function publish(directory: string, run: PrivateRun): void {
  const file = join(directory, "running.json");
  writeFileSync(`${file}.${run.directory.slice(-6)}`, JSON.stringify({ run: run.directory }), { mode: 0o600 });
  renameSync(`${file}.${run.directory.slice(-6)}`, file);
}

function published(directory: string): PrivateRun | undefined {
  const file = join(directory, "running.json");
  const note = inPrivateDirectory(directory, () => (existsSync(file) ? parseObject(readFileSync(file)) : undefined));
  const run = textMember(note ?? {}, "run");
  return run === undefined ? undefined : describeRun(run);
}
