import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { StatusResponse } from "../gen/control.ts";
import { withOneClock } from "../progress/one-clock.ts";
import { type Recorder, startTimer } from "../progress/progress.ts";
import type { Clock } from "../progress/trace.ts";
import { openTraceFile, type TraceFile } from "../progress/trace-file.ts";

export interface RecorderFiles {
  readonly trace: string | undefined;
}

/** Writes the files that tell how a build went. */
export class BuildRecorder implements Recorder {
  readonly #trace: TraceFile | undefined;
  readonly #take: (status: StatusResponse, clock: Clock) => void;
  #end: { readonly failure: LuakitError | undefined } | undefined;

  /** Throws "file.write" for a file that cannot be written. */
  constructor({ trace }: RecorderFiles) {
    this.#trace = trace === undefined ? undefined : openTraceFile(trace, startTimer);
    this.#take = withOneClock(Date.now, (status) => this.#trace?.take(status));
  }

  take(status: StatusResponse, clock: Clock): void {
    if (this.#end === undefined) this.#take(status, clock);
  }

  drained(): Promise<void> | undefined {
    return this.#trace?.drained();
  }

  /** Writes what is left; gives what kept a file from being complete, each time that it is asked. */
  end(): LuakitError | undefined {
    this.#end ??= { failure: this.#trace?.end() };
    return this.#end.failure;
  }
}
