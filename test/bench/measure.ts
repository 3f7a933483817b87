import { closeSync, openSync } from "node:fs";

/** One command of a comparison. */
export interface Contender {
  readonly name: string;
  /** Run anew each time; a function makes what each run needs before its time counts. */
  readonly command: readonly string[] | (() => readonly string[]);
}

export interface Measured {
  readonly name: string;
  /** Medians of whole processes: seconds of wall clock and of processor time, and the peak of resident bytes. */
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

/** Runs the commands in turn, `rounds` times each after one warm-up, so that a drifting machine hits all alike. */
export function measure(contenders: readonly Contender[], rounds: number): Measured[] {
  const samples = contenders.map(() => ({ wall: [] as number[], cpu: [] as number[], memory: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const sample = runOnce(contender);
      if (round === 0) continue;
      samples[index]?.wall.push(sample.wall);
      samples[index]?.cpu.push(sample.cpu);
      samples[index]?.memory.push(sample.memory);
    }
  }
  return contenders.map(({ name }, index) => {
    const { wall = [], cpu = [], memory = [] } = samples[index] ?? {};
    return { name, wall: median(wall), cpu: median(cpu), memory: median(memory) };
  });
}

function runOnce(contender: Contender): Omit<Measured, "name"> {
  const command = typeof contender.command === "function" ? contender.command() : contender.command;
  const sink = openSync("/dev/null", "w");
  const start = performance.now();
  const result = Bun.spawnSync([...command], { stdio: ["ignore", sink, sink] });
  const wall = (performance.now() - start) / 1000;
  closeSync(sink);
  if (result.exitCode !== 0) throw new Error(`${command.join(" ")} exited with ${result.exitCode}`);
  const usage = result.resourceUsage;
  return { wall, cpu: Number(usage.cpuTime.total) / 1e6, memory: usage.maxRSS };
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A Markdown table: the ratios are to the first contender of each row's name. */
export function formatRow(label: string, measured: readonly Measured[]): string[] {
  const first = measured[0];
  return measured.map((one) => {
    const ratio = first === undefined ? 1 : one.wall / first.wall;
    const numbers = [seconds(one.wall), seconds(one.cpu), megabytes(one.memory)];
    return `| ${[label, one.name, ...numbers, `${ratio.toFixed(2)}`].join(" | ")} |`;
  });
}

function seconds(time: number): string {
  return time >= 1 ? `${time.toFixed(2)} s` : `${(time * 1000).toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
