import type { StatusResponse } from "../gen/control.ts";
import { type ClientVertex, startClientVertex } from "./client-vertex.ts";
import type { Schedule } from "./display.ts";
import type { ShownMode } from "./displays.ts";
import { type FailureLog, failureLog, formatFailures } from "./failure.ts";
import type { Result } from "./frame.ts";
import { stripControls } from "./harmless.ts";
import type { ProgressMode } from "./mode.ts";
import type { ProgressOutput, Variables } from "./output.ts";
import { steadyNow } from "./steady-now.ts";
import { chooseStyle, type Style } from "./style.ts";
import { type Built, formatSummary } from "./summary.ts";
import { type Clock, Trace } from "./trace.ts";
import { formatWarnings } from "./warnings.ts";

export interface ProgressOptions {
  /** The environment: NO_COLOR, BUILDKIT_COLORS, BUILDKIT_TTY_LOG_LINES, GITHUB_ACTIONS, PROGRESS_NO_TRUNC, TERM, LANG. */
  readonly variables: Variables;
  /** Milliseconds since the epoch; by default the machine's clock. */
  readonly now?: () => number;
  /** By default a timer that does not keep the process alive. */
  readonly schedule?: Schedule;
  /** Gets every message as well. */
  readonly recorder?: Recorder | undefined;
}

/** Something that keeps what a build tells. */
export interface Recorder {
  take(status: StatusResponse, clock: Clock): void;
  /** Settles when it has kept up; undefined when it has. */
  drained(): Promise<void> | undefined;
}

/** How the build ended, and what came out of it. */
export interface Outcome {
  readonly result: Result;
  /** Lines of the summary: images, digests, files. */
  readonly built?: readonly Built[];
}

/** A build as it is shown while it goes on. */
export interface Progress {
  /** Takes a status message; cheap, the work is done when something is drawn. */
  update(status: StatusResponse): void;
  /** No more messages come: what can be shown by now need not wait for the end. */
  settle(): void;
  /** Settles when the reader has kept up; undefined when it has. Await it before asking for further messages. */
  drained(): Promise<void> | undefined;
  /** Lines of our own. */
  notice(text: string): void;
  /** Starts work of this client that is shown like a vertex of the daemon. */
  clientVertex(name: string): ClientVertex;
  /** As `update`, of a message whose times are by our clock. */
  take(status: StatusResponse): void;
  /** Milliseconds since the epoch by our clock. */
  now(): number;
  /** The last lines of a step's log, `most` (by default 10); undefined for a digest that was never seen. */
  failureLog(digest: string, most?: number): FailureLog | undefined;
  /** Shows the end: what stays on the screen, warnings, logs of failed steps, the summary. Later messages are ignored. */
  end(outcome: Outcome): void;
}

/** Lines of a failed step's log: those of plain progress have been seen before. */
const seenLines = 10;
const unseenLines = 40;
/** Milliseconds for which an interrupted build waits for a terminal that takes nothing. */
const patience = 300;

/** Begins to show a build. */
export function openProgress({ mode, open }: ShownMode, output: ProgressOutput, options: ProgressOptions): Progress {
  const { variables, now = steadyNow, schedule = startTimer, recorder } = options;
  const trace = new Trace(now);
  const style = chooseStyle(
    output.color,
    mode === "tty" || mode === "quiet" ? variables : { ...variables, NO_COLOR: "1" },
  );
  const display = open(trace, output, { variables, now, schedule, style });
  const take = (status: StatusResponse, clock: Clock) => {
    if (ended) return;
    trace.apply(status, clock);
    display.update(status, clock);
    recorder?.take(status, clock);
  };
  const takeOurs = (status: StatusResponse) => take(status, "client");
  const clientVertex = (name: string) => startClientVertex(newDigest(), name, now, takeOurs);
  // Frames are left out instead: a slow terminal is no reason to hold up the daemon.
  const drained = () => (mode === "tty" ? undefined : output.drained?.()) ?? recorder?.drained();
  let ended = false;
  return {
    update: (status) => take(status, "daemon"),
    settle: () => display.settle?.(),
    drained,
    notice: (text) => display.notice(stripControls(text)),
    clientVertex,
    take: takeOurs,
    now,
    failureLog: (digest, most = seenLines) => {
      const vertex = trace.get(digest);
      return vertex === undefined ? undefined : failureLog(vertex, most);
    },
    end: (outcome) => {
      if (ended) return;
      ended = true;
      display.end(outcome.result);
      const columns = mode === "tty" ? output.columns() : Number.POSITIVE_INFINITY;
      display.print(lastWords(trace, mode, outcome, columns, now(), style));
      output.flush?.(outcome.result === "canceled" ? patience : Number.POSITIVE_INFINITY);
    },
  };
}

/** What follows the last frame: warnings, then why it failed or what was built. */
function lastWords(
  trace: Trace,
  mode: ProgressMode,
  { result, built = [] }: Outcome,
  columns: number,
  now: number,
  style: Style,
): string[] {
  const isQuiet = mode === "quiet";
  const parts: string[][] = [];
  if (!isQuiet && result !== "canceled") parts.push(formatWarnings(trace.warnings, columns, style));
  if (result === "failed") parts.push(formatFailures(trace, mode === "plain" ? seenLines : unseenLines, style));
  if (!isQuiet && result === "done") parts.push(formatSummary(trace, built, now, style));
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part) => ["", ...part])
    .slice(isQuiet ? 1 : 0);
}

function newDigest(): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(crypto.randomUUID()).digest("hex")}`;
}

/** Runs something after some milliseconds, unless the process ends before. */
export function startTimer(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}
