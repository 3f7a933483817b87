import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { StatusResponse } from "../gen/control.ts";
import { withOneClock } from "../progress/one-clock.ts";
import { type Recorder, startTimer } from "../progress/progress.ts";
import { steadyNow } from "../progress/steady-now.ts";
import type { Clock } from "../progress/trace.ts";
import { openTraceFile, type TraceFile } from "../progress/trace-file.ts";
import type { BuildEnd, BuildingDaemon, BuildReport } from "./build-report.ts";

/** Writes the files that tell how a build went. */
export class BuildRecorder implements Recorder {
  readonly #trace: TraceFile | undefined;
  readonly #report: BuildReport | undefined;
  readonly #take: (status: StatusResponse, clock: Clock) => void;
  #end: { readonly failure: LuakitError | undefined } | undefined;

  /** Throws "file.write" for a trace that cannot be written. */
  constructor(trace: string | undefined, report: BuildReport | undefined) {
    this.#trace = trace === undefined ? undefined : openTraceFile(trace, startTimer);
    this.#report = report;
    this.#take = withOneClock(steadyNow, (status) => {
      this.#trace?.take(status);
      this.#report?.take(status);
    });
  }

  take(status: StatusResponse, clock: Clock): void {
    if (this.#end === undefined) this.#take(status, clock);
  }

  drained(): Promise<void> | undefined {
    return this.#trace?.drained();
  }

  /** A daemon that builds; what is said of it later replaces what was said before. */
  connected(daemon: BuildingDaemon): void {
    this.#report?.connected(daemon);
  }

  /** Writes what is left; gives what kept a file from being complete. Only the first end counts. */
  end(end: BuildEnd): LuakitError | undefined {
    this.#end ??= { failure: this.#finish(end) };
    return this.#end.failure;
  }

  #finish(end: BuildEnd): LuakitError | undefined {
    const failures = [this.#trace?.end(), this.#report?.end(end)];
    return failures.find((failure) => failure !== undefined);
  }
}
