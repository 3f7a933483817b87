import type { Display } from "./display.ts";
import type { ProgressOutput } from "./output.ts";

/** Nothing until the end. */
export class QuietDisplay implements Display {
  readonly #output: ProgressOutput | undefined;

  /** Without an output nothing is shown at the end either. */
  constructor(output: ProgressOutput | undefined) {
    this.#output = output;
  }

  update(): void {}

  notice(): void {}

  end(): void {}

  print(lines: readonly string[]): void {
    if (lines.length > 0) this.#output?.write(`${lines.join("\n")}\n`);
  }
}
