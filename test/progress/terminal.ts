import type { StatusResponse } from "../../src/gen/control.ts";
import type { ProgressOutput } from "../../src/progress/output.ts";
import type { Outcome } from "../../src/progress/progress.ts";
import { replay } from "./replay.ts";
import { Screen } from "./screen.ts";

/** A terminal of some size that progress writes to. */
export class TestTerminal implements ProgressOutput {
  readonly screen: Screen;
  readonly isTerminal = true;
  readonly color: boolean;
  /** Everything that was written, one item per write. */
  readonly writes: string[] = [];
  isReady = true;

  constructor(columns: number, rows: number, color = false) {
    this.screen = new Screen(columns, rows);
    this.color = color;
  }

  write(text: string): void {
    this.writes.push(text);
    this.screen.write(text);
  }

  columns(): number {
    return this.screen.columns;
  }

  rows(): number {
    return this.screen.rows;
  }

  ready(): boolean {
    return this.isReady;
  }
}

/** What stands on a terminal of `columns` and `rows` at a moment of a recording, or at its end. */
export function screenOf(
  messages: readonly StatusResponse[],
  columns: number,
  rows: number,
  when: number | Outcome,
  variables: Readonly<Record<string, string>> = {},
): string {
  const terminal = new TestTerminal(columns, rows);
  const shown = { mode: "tty", output: terminal, variables } as const;
  const { progress } = replay(messages, typeof when === "number" ? { ...shown, until: when } : shown);
  if (typeof when !== "number") progress.end(when);
  const title = typeof when === "number" ? `after ${when} ms` : `at the end: ${when.result}`;
  return `== ${columns}x${rows} ${title}\n${terminal.screen.text()}\n`;
}
