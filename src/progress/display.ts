import type { StatusResponse } from "../gen/control.ts";
import type { Result } from "./frame.ts";
import type { ProgressOutput, Variables } from "./output.ts";
import type { Style } from "./style.ts";
import type { Clock, Trace } from "./trace.ts";

/** One way to show a build; the trace has taken each message before its display sees it. */
export interface Display {
  update(status: StatusResponse, clock: Clock): void;
  /** No more messages come: what is known may be shown, where that changes nothing of what is shown in the end. */
  settle?(): void;
  /** Whole lines of our own, without the newline at their end. */
  notice(text: string): void;
  /** Shows what is left; nothing follows but {@link Display.print}. */
  end(result: Result): void;
  /** Lines after the end; empty where nothing but the display's own format may be written. */
  print(lines: readonly string[]): void;
}

/** Runs something once after some milliseconds; what it gives takes that back. */
export type Schedule = (run: () => void, milliseconds: number) => () => void;

export interface DisplayOptions {
  readonly variables: Variables;
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly style: Style;
}

export type OpenDisplay = (trace: Trace, output: ProgressOutput, options: DisplayOptions) => Display;
