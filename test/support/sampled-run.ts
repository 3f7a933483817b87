import { readFileSync } from "node:fs";

export interface SampledOptions {
  readonly cwd: string;
  /** Variables beside PATH and a HOME without anything in it. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: "ignore" | Bun.BunFile;
  /** Descriptors; what goes to a pipe is in the result. */
  readonly stdout?: number;
  readonly stderr?: number;
  /** A terminal for stdin, stdout and stderr. */
  readonly terminal?: Bun.Terminal;
}

export interface SampledRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  readonly memory: Memory;
}

/** Resident memory of a process while it ran, in bytes. */
export interface Memory {
  readonly peak: number;
  /** What it had halfway through its time, and in the last quarter: the middle of what was seen. */
  readonly early: number;
  readonly late: number;
}

/** Milliseconds between two looks; more when there have been many. */
const pace = 10;
const mostSamples = 2000;

/** Looks at a process again and again until it has ended. */
export function sampleMemory(pid: number): { end(): Memory } {
  let samples: number[] = [];
  let peak = 0;
  let every = 1;
  let ticks = 0;
  const timer = setInterval(() => {
    if (ticks++ % every !== 0) return;
    try {
      const status = readFileSync(`/proc/${pid}/status`, "latin1");
      peak = Math.max(peak, kilobytes(status, "VmHWM"));
      const resident = kilobytes(status, "VmRSS");
      if (resident > 0) samples.push(resident);
    } catch {
      clearInterval(timer);
    }
    if (samples.length < mostSamples) return;
    samples = samples.filter((_, place) => place % 2 === 0);
    every *= 2;
  }, pace);
  return {
    end() {
      clearInterval(timer);
      const quarter = Math.ceil(samples.length / 4);
      return { peak, early: middle(samples.slice(quarter, 2 * quarter)), late: middle(samples.slice(-quarter)) };
    },
  };
}

/** Runs a program and watches its memory; nothing of the test's environment reaches it. */
export async function runSampled(argv: readonly string[], options: SampledOptions): Promise<SampledRun> {
  const { cwd, env = {}, stdin = "ignore", stdout = "pipe", stderr = "pipe", terminal } = options;
  const started = performance.now();
  const given = { cwd, env: { PATH: process.env.PATH ?? "", HOME: `${cwd}/no-home`, ...env } };
  const child =
    terminal === undefined
      ? Bun.spawn([...argv], { ...given, stdin, stdout, stderr })
      : Bun.spawn([...argv], { ...given, terminal });
  const memory = sampleMemory(child.pid);
  const [out, err, exitCode] = await Promise.all([textOf(child.stdout), textOf(child.stderr), child.exited]);
  return { exitCode, stdout: out, stderr: err, milliseconds: performance.now() - started, memory: memory.end() };
}

/** As {@link runSampled}; throws with the end of what it wrote when it fails. */
export async function sampled(argv: readonly string[], options: SampledOptions): Promise<SampledRun> {
  const result = await runSampled(argv, options);
  if (result.exitCode === 0) return result;
  // What follows the error may be the whole command line.
  const error = result.stderr.lastIndexOf("\nerror: ");
  const said = error < 0 ? result.stderr.slice(-3000) : result.stderr.slice(error + 1, error + 3000);
  throw new Error(`${argv.join(" ").slice(0, 500)} exits with ${result.exitCode}:\n${said}`);
}

function textOf(stream: unknown): Promise<string> {
  return stream instanceof ReadableStream ? new Response(stream).text() : Promise.resolve("");
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) * 1024;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** For figures: whole MB. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
