import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { errorCode } from "../diagnostic/system-error.ts";
import type { Size } from "./frame.ts";
import type { ProgressOutput } from "./output.ts";

/** What is known of a descriptor without asking it. */
export interface DescriptorLook {
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** The window's size; asked before every frame. */
  size(): Size;
}

/** Milliseconds after which a reader that was not ready is tried again. */
const pause = 10;

/**
 * Writes to a descriptor and never waits for its reader, where the system can open a terminal or pipe anew: the descriptor
 * itself is shared with other processes, so its mode is not ours to change. Elsewhere, and for files, writes block.
 */
export class DescriptorOutput implements ProgressOutput {
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly #look: DescriptorLook;
  readonly #descriptor: number;
  readonly #isOurs: boolean;
  readonly #refused: (error: unknown) => void;
  #pending: Uint8Array[] = [];
  #settled: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** `refused` is told why nothing can be written, such as a full disk; unless it throws, what was to be written is lost. */
  constructor(descriptor: number, look: DescriptorLook, refused: (error: unknown) => void = rethrow) {
    const own = openAnew(descriptor);
    this.#descriptor = own ?? descriptor;
    this.#isOurs = own !== undefined;
    this.#look = look;
    this.#refused = refused;
    this.isTerminal = look.isTerminal;
    this.color = look.color;
  }

  columns(): number {
    return this.#look.size().columns;
  }

  rows(): number {
    return this.#look.size().rows;
  }

  write(text: string): void {
    this.#pending.push(new TextEncoder().encode(text));
    if (this.#settled === undefined && !this.#writePending()) this.#retryLater();
  }

  ready(): boolean {
    return this.#settled === undefined;
  }

  drained(): Promise<void> | undefined {
    return this.#settled?.promise;
  }

  flush(milliseconds: number): void {
    let since = performance.now();
    let before = this.#waiting();
    while (!this.#writePending()) {
      const now = this.#waiting();
      if (now !== before) since = performance.now();
      else if (performance.now() - since >= milliseconds) this.#pending = [];
      before = now;
      Bun.sleepSync(1);
    }
    this.#settle();
  }

  /** Gives the descriptor back. */
  close(): void {
    this.flush(0);
    if (this.#isOurs) closeSync(this.#descriptor);
  }

  #waiting(): number {
    return this.#pending.reduce((sum, { length }) => sum + length, 0);
  }

  #retryLater(): void {
    this.#settled ??= Promise.withResolvers<void>();
    setTimeout(() => {
      if (this.#settled === undefined) return;
      if (this.#writePending()) this.#settle();
      else this.#retryLater();
    }, pause);
  }

  #settle(): void {
    this.#settled?.resolve();
    this.#settled = undefined;
  }

  /** Writes what the reader takes; true when nothing is left. A reader that has gone takes everything. */
  #writePending(): boolean {
    for (;;) {
      const [first] = this.#pending;
      if (first === undefined) return true;
      const written = this.#writeSome(first);
      if (written === first.length) this.#pending.shift();
      else if (written > 0) this.#pending[0] = first.subarray(written);
      else return false;
    }
  }

  /** How many bytes were taken; 0 when the reader is not ready. */
  #writeSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EAGAIN") return 0;
      if (code !== "EPIPE" && code !== "EIO") this.#refused(error);
      return bytes.length;
    }
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** The same terminal or pipe under a descriptor whose writes do not block; undefined where there is no such thing. */
function openAnew(descriptor: number): number | undefined {
  const status = fstatSync(descriptor);
  if (!status.isFIFO() && !status.isCharacterDevice()) return undefined;
  try {
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    // No /proc, or a reader that has gone: the descriptor itself will do.
    return undefined;
  }
}
