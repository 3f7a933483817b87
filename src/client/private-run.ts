import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeSystemError } from "../diagnostic/system-error.ts";
import { findProgram } from "../host/find-program.ts";

/**
 * The directory of one private daemon while it runs: its socket, its log, and a FIFO that every luakit which uses the
 * daemon holds open for writing. When the last of them lets go, even because it was killed, the daemon ends.
 */
export interface PrivateRun {
  readonly directory: string;
  readonly address: string;
}

export interface PrivateRunOptions {
  /** The program and its arguments; those for its sockets follow. */
  readonly command: readonly string[];
  /** Since v0.13 a daemon takes spans at a socket which is the machine's unless it is told; before, it knows no flag. */
  readonly ownCollector: boolean;
  /** Where the run's directory is made. */
  readonly parent: string;
  /** The file that keeps the log after the daemon's end. */
  readonly log: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A daemon that this process started and uses. `ended` is fulfilled after the daemon's end with its exit code, when its log is in place. */
export interface StartedRun extends PrivateRun {
  readonly user: number;
  readonly ended: Promise<number>;
}

/**
 * Runs between luakit and the daemon. It waits until luakit has opened the FIFO, and goes if luakit does; then it starts
 * the daemon, and ends it at the end of the FIFO: when there is no writer left. Arguments: run directory, log, command.
 */
const watcher = `
run=$1 log=$2
shift 2
exec 3<>"$run/users"
read -r _ || { rm -rf "$run"; exit 1; }
exec 4<"$run/users" 3>&-
"$@" </dev/null >"$run/log" 2>&1 4<&- &
daemon=$!
(
  read -r _ <&4
  # Nobody can join any more; who did in this moment is waited for.
  rm -f "$run/users"
  read -r _ <&4
  kill -TERM "$daemon"
  tries=0
  while [ "$tries" -lt 100 ] && kill -0 "$daemon"; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$daemon"
) 2>/dev/null &
watch=$!
exec 4<&-
wait "$daemon"
status=$?
kill "$watch"
mv -f "$run/log" "$log"
rm -rf "$run"
exit "$status"
`;

/** Starts a daemon in a run of its own and uses it. */
export async function startRun({
  command,
  ownCollector,
  parent,
  log,
  variables,
}: PrivateRunOptions): Promise<StartedRun> {
  const run = describeRun(makeDirectory(parent));
  // Without root, runc keeps its state there.
  const env = { ...variables, XDG_RUNTIME_DIR: variables.XDG_RUNTIME_DIR || run.directory };
  const fifo = Bun.spawnSync([need("mkfifo", variables), "-m", "600", join(run.directory, "users")], { env });
  if (!fifo.success) throw new Error(`mkfifo: ${fifo.stderr.toString().trim()}`);
  const collector = ownCollector ? ["--otel-socket-path", join(run.directory, "otel-grpc.sock")] : [];
  const child = Bun.spawn(
    [
      need("sh", variables),
      "-c",
      watcher,
      "luakit-private",
      run.directory,
      log,
      ...command,
      "--addr",
      run.address,
      ...collector,
    ],
    // A process group of its own: Ctrl-C is for luakit, which tells the daemon what to give up.
    { env, cwd: "/", stdin: "pipe", stdout: "ignore", stderr: "ignore", detached: true },
  );
  child.unref();
  let user = joinRun(run);
  while (user === undefined && child.exitCode === null) {
    await Bun.sleep(1);
    user = joinRun(run);
  }
  if (user === undefined) throw new Error(`sh ends with ${child.exitCode}`);
  child.stdin.write("use\n");
  child.stdin.end();
  return { ...run, user, ended: child.exited };
}

function makeDirectory(parent: string): string {
  try {
    return mkdtempSync(join(parent, "luakit-"));
  } catch (cause) {
    throw new Error(`cannot make a directory in ${parent}: ${describeSystemError(cause)}`, { cause });
  }
}

function need(program: string, variables: PrivateRunOptions["variables"]): string {
  const path = findProgram(program, variables);
  if (path === undefined) throw new Error(`there is no ${program} on PATH`);
  return path;
}

export function describeRun(directory: string): PrivateRun {
  return { directory, address: `unix://${join(directory, "buildkitd.sock")}` };
}

/** Becomes a user of the run: a descriptor that keeps the daemon alive. Undefined when nothing runs there any more. */
export function joinRun({ directory }: PrivateRun): number | undefined {
  try {
    return openSync(join(directory, "users"), constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // ENOENT: the daemon ends or has ended; ENXIO: nobody reads the FIFO, its watcher was killed.
    return undefined;
  }
}

/** A daemon that takes longer to end does so without us. */
const patience = 1500;

/** Lets go of the run. Fulfilled when the daemon has ended, or soon when it takes its time or others use it still. */
export async function leaveRun({ directory }: PrivateRun, user: number): Promise<void> {
  closeSync(user);
  const deadline = performance.now() + patience;
  while (existsSync(directory) && !hasUsers(directory) && performance.now() < deadline) await Bun.sleep(10);
}

/** Removes what is left of a run that nobody can join because its watcher was killed. */
export function clearRun({ directory }: PrivateRun): void {
  if (!existsSync(join(directory, "users")) || !/\/luakit-[^/]+$/.test(directory)) return;
  rmSync(directory, { recursive: true, force: true });
}

/** The log of a run, of the end of which the log file tells when the run is over. */
export function readRunLog({ directory }: PrivateRun, log: string): string {
  for (const file of [join(directory, "log"), log]) {
    try {
      return readFileSync(file, "utf8");
    } catch {
      // The one moves to the other when the daemon ends.
    }
  }
  return "";
}

/** A FIFO without writers is at its end; with some it has nothing to read yet. */
function hasUsers(directory: string): boolean {
  let reader: number | undefined;
  try {
    reader = openSync(join(directory, "users"), constants.O_RDONLY | constants.O_NONBLOCK);
    return readSync(reader, new Uint8Array(1)) > 0;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EAGAIN";
  } finally {
    if (reader !== undefined) closeSync(reader);
  }
}
