import { formatElapsed, shortenDigests } from "./format.ts";
import { oneLine } from "./harmless.ts";
import { cut } from "./row.ts";
import type { Style } from "./style.ts";
import type { Trace } from "./trace.ts";
import type { TracedVertex } from "./traced-vertex.ts";

/** Something that was built: what it is (`image`, `digest`, `file`), and its name. */
export type Built = readonly [label: string, value: string];

/** A step is notable when it took this many milliseconds and this part of the time. */
const notable = 1000;
const notablePart = 0.1;
const mostSlow = 3;
const nameColumns = 40;

/** What was built, in how long, how much of it came from the cache, and the slowest steps when they took notable time. */
export function formatSummary(trace: Trace, built: readonly Built[], now: number, style: Style): string[] {
  const time = now - trace.opened;
  const { completed, cached } = trace.count();
  const steps = `${completed} step${completed === 1 ? "" : "s"}${cached === 0 ? "" : `, ${cached} cached`}`;
  const slow = slowest(trace, time, now).map(([name, took]) => {
    return `${cut(name, nameColumns, style.ellipsis)} ${formatElapsed(took)}`;
  });
  const separator = ` ${style.marks.separator} `;
  const rows = slow.length === 0 ? built : [...built, ["slowest", slow.join(separator)] as const];
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return [
    `${style.paint("done", style.marks.done)} ${style.paint("strong", `Built in ${formatElapsed(time)}`)} (${steps})`,
    ...rows.map(([label, value]) => `  ${style.paint("faint", label.padEnd(width))}  ${oneLine(value)}`),
  ];
}

function slowest(trace: Trace, time: number, now: number): [name: string, took: number][] {
  const least = Math.max(notable, time * notablePart);
  return trace.started
    .map((vertex): [TracedVertex, number] => [vertex, vertex.duration(now)])
    .filter(([, took]) => took >= least)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostSlow)
    .map(([{ name }, took]) => [shortenDigests(oneLine(name)), took]);
}
