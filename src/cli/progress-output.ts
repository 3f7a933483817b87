import { writeSync } from "node:fs";
import type { ProgressOutput } from "../progress/output.ts";
import type { Terminal } from "./terminal.ts";
import { openTerminalSize } from "./terminal-size.ts";

/** Milliseconds between two tries to write to a reader that takes nothing. */
const pause = 5;

/** Progress on stderr. A reader that is slow does not stop the build: what it did not take yet waits here. */
export function openProgressOutput(terminal: Terminal): ProgressOutput {
  const isTerminal = terminal.errorIsTerminal();
  const queue = new WaitingText();
  const ask = isTerminal ? openTerminalSize(2) : () => undefined;
  const { COLUMNS, LINES } = terminal.variables;
  return {
    isTerminal,
    color: isTerminal && terminal.variables.TERM !== "dumb",
    write: (text) => queue.write(text),
    columns: () => ask()?.columns ?? (Number(COLUMNS) || 80),
    rows: () => ask()?.rows ?? (Number(LINES) || 24),
    ready: () => queue.isEmpty,
    drained: () => queue.drained,
    flush: (milliseconds) => queue.flush(milliseconds),
  };
}

class WaitingText {
  #waiting: Uint8Array[] = [];
  #emptied: PromiseWithResolvers<void> | undefined;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get drained(): Promise<void> | undefined {
    return this.#emptied?.promise;
  }

  write(text: string): void {
    this.#waiting.push(new TextEncoder().encode(text));
    if (this.#waiting.length === 1) this.#send();
  }

  flush(milliseconds: number): void {
    const end = Date.now() + milliseconds;
    while (!this.#push() && Date.now() < end) Bun.sleepSync(pause);
    this.#waiting = [];
  }

  #send(): void {
    if (this.#push()) {
      this.#emptied?.resolve();
      this.#emptied = undefined;
      return;
    }
    this.#emptied ??= Promise.withResolvers();
    setTimeout(() => this.#send(), pause);
  }

  /** Writes what the reader takes; true when nothing is left. */
  #push(): boolean {
    for (let bytes = this.#waiting[0]; bytes !== undefined; bytes = this.#waiting[0]) {
      const written = tryWrite(bytes);
      if (written < bytes.length) {
        this.#waiting[0] = bytes.subarray(written);
        return false;
      }
      this.#waiting.shift();
    }
    return true;
  }
}

/** How many bytes stderr took: all of them when its reader has gone. */
function tryWrite(bytes: Uint8Array): number {
  try {
    return writeSync(2, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EAGAIN") return 0;
    return bytes.length;
  }
}
