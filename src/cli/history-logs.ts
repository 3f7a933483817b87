import type { BuildRecord } from "../client/build-record.ts";
import { findBuild } from "../client/history.ts";
import { readBuildLogs } from "../client/history-logs.ts";
import { loadMode } from "../progress/displays.ts";
import type { ProgressMode } from "../progress/mode.ts";
import { openProgress } from "../progress/progress.ts";
import { flagValue, type Input } from "./command.ts";
import { withDaemon } from "./daemon-flags.ts";
import type { Terminal } from "./terminal.ts";

const results = { running: "done", completed: "done", error: "failed", canceled: "canceled" } as const;

/** `luakit history logs [REF]`: what the build showed, on stdout; of a running one also what is still to come. */
export function printLogs(input: Input, [name]: readonly string[], terminal: Terminal): Promise<number> {
  const mode: ProgressMode = flagValue(input, "progress") === "rawjson" ? "rawjson" : "plain";
  return withDaemon(input, terminal, async ({ channel }) => {
    const record = await findBuild(channel, name);
    const clock = openClock(record);
    const { variables } = terminal;
    const output = stdoutOf(terminal);
    const shown = await loadMode(mode, output, variables);
    const progress = openProgress(shown, output, { variables, now: clock.now });
    for await (const status of readBuildLogs(channel, record)) progress.update(status);
    clock.finish();
    const ended = record.completedAt === undefined ? await findBuild(channel, record.ref) : record;
    progress.end({ result: results[ended.status] });
    return 0;
  });
}

/** The time that a build took, instead of the time that showing it takes. */
function openClock({ createdAt, completedAt }: BuildRecord): { now: () => number; finish: () => void } {
  if (createdAt === undefined || completedAt === undefined) return { now: Date.now, finish: () => {} };
  let time = createdAt;
  const finish = () => {
    time = completedAt;
  };
  return { now: () => time, finish };
}

function stdoutOf(terminal: Terminal) {
  const encoder = new TextEncoder();
  // Progress is harmless, and knows what GitHub Actions are to obey.
  const write = (text: string) => terminal.out(encoder.encode(text));
  return { write, columns: () => 80, rows: () => 24, isTerminal: false, color: false };
}
