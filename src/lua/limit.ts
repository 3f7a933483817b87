import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type LastWords, Watchdog } from "./watchdog.ts";

export interface VmLimits {
  /** Bytes of Lua heap and of what API calls keep; below 16 MiB it cannot bind. */
  readonly memory: number;
  /** Milliseconds that the script may run, callbacks after `run` included. */
  readonly time: number;
}

/** Ends a script for good: no `pcall` sees it, because it is no Lua error. */
export class Halt {
  readonly error: LuakitError;

  constructor(error: LuakitError) {
    this.error = error;
  }
}

/** What Lua's memory holds before the script's first value: code, stack and the libraries. */
const baseBytes = 1 << 20;
/** What a handle keeps alive on our side: the value, its vertex and its place in the graph. */
const handleBytes = 1024;
/** What an item of a list or of a map keeps alive, and what a call leaves behind that gives no handle. */
const itemBytes = 64;
/** Above these, a call of ours gets a watchdog: it runs no hooks. */
const manyItems = 10_000;
const longText = 64 << 10;
/** A script that uses more than this gets a watchdog: one call into C may be on its way to fill all there is. */
const muchMemory = 64 << 20;
/** A script that runs for longer than this gets a watchdog, whatever it calls. */
const patience = 250;
/** From here on it pays to compile what the script calls: the executable starts with the compiler held back. */
const warm = 60;

/** The time that a script may take, for those who call its functions one after the other. */
export interface ScriptClock {
  /** Gives the script its whole time again. */
  restart(): void;
  /** Runs `body`, which waits for something outside, while the time stands still. */
  pause<T>(body: () => T): T;
  /** Milliseconds that are left. */
  left(): number;
  /** Runs `body`, which has a limit of its own, on the script's time: the end of that shows when it is over. */
  lend<T>(body: () => T): T;
}

/** The memory and time that one script may use. Time counts between `enter` and `leave`. */
export class Limit implements ScriptClock {
  private readonly limits: VmLimits;
  private readonly watchdog: Watchdog | undefined;
  private heap = 0;
  private kept = 0;
  private entered = 0;
  private spent = 0;
  private depth = 0;
  private compiles = false;
  private parts = 0;

  /** `lastWords` are said when only ending the process can stop the script; without them nothing does. */
  constructor(limits: VmLimits, lastWords: LastWords | undefined) {
    this.limits = limits;
    this.watchdog = lastWords === undefined ? undefined : new Watchdog(lastWords);
  }

  enter(): void {
    if (this.depth++ === 0) this.entered = performance.now();
  }

  leave(): void {
    if (--this.depth > 0) return;
    this.spent += performance.now() - this.entered;
    this.watchdog?.callOff();
  }

  restart(): void {
    this.watchdog?.callOff();
    this.spent = 0;
    this.entered = performance.now();
  }

  pause<T>(body: () => T): T {
    this.watchdog?.callOff();
    const paused = performance.now();
    try {
      return body();
    } finally {
      this.entered += performance.now() - paused;
    }
  }

  left(): number {
    return this.limits.time - this.spent - (this.depth === 0 ? 0 : performance.now() - this.entered);
  }

  lend<T>(body: () => T): T {
    this.watchdog?.callOff();
    return body();
  }

  close(): void {
    this.watchdog?.close();
  }

  /** The error, once time is up. Called often. */
  overdue(): LuakitError | undefined {
    const used = this.spent + performance.now() - this.entered;
    if (used >= this.limits.time) return timeError(this.limits.time);
    if (used >= warm && !this.compiles) {
      this.compiles = true;
      Bun.unsafe.setJITPolicy(1);
    }
    if (used >= patience) this.arm();
    return undefined;
  }

  /** Before anything that may run long without letting `overdue` be asked. */
  arm(): void {
    if (this.watchdog === undefined || this.watchdog.armed || this.depth === 0) return;
    const left = this.limits.time - this.spent - (performance.now() - this.entered);
    // Lua's own check knows the line, so it goes first, on a busy machine too.
    this.watchdog.arm(Math.max(0, left) + 400);
  }

  /** Whether Lua's memory may be `size` bytes. */
  mayGrow(size: number): boolean {
    if (size > muchMemory) this.arm();
    if (size - baseBytes + this.kept > this.limits.memory) return false;
    this.heap = size - baseBytes;
    return true;
  }

  chargeHandle(): void {
    this.charge(handleBytes);
  }

  chargeItems(count: number): void {
    if (count > manyItems) this.arm();
    this.charge(count * itemBytes);
  }

  /** Counts a text that leaves Lua; what is done with a long one takes long and asks for no time. */
  chargeText(bytes: number): void {
    if (bytes > longText) this.arm();
    else this.checkTime();
    this.charge(bytes);
  }

  /** Counts a part of a value that may have parts without end. */
  chargePart(items: number): void {
    this.charge((items + 1) * itemBytes);
    if ((++this.parts & 0xff) === 0) this.checkTime();
  }

  /** A few calls with much to do each may be all between two looks of the hook. */
  private checkTime(): void {
    const error = this.overdue();
    if (error !== undefined) throw new Halt(error);
  }

  /** Runs `body`, of which nothing is kept. */
  borrow<T>(body: () => T): T {
    const { kept } = this;
    try {
      return body();
    } finally {
      this.kept = kept;
    }
  }

  /** Whether memory may run out soon. */
  get tight(): boolean {
    return (this.heap + this.kept) * 4 > this.limits.memory;
  }

  /** Counts memory on our side that the script made us keep. */
  charge(bytes: number): void {
    this.kept += bytes;
    if (this.kept + this.heap > this.limits.memory) throw new Halt(this.memoryError());
  }

  memoryError(): LuakitError {
    return new LuakitError("script.limit", `the script uses more than ${mebibytes(this.limits.memory)} of memory`);
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round((bytes / (1 << 20)) * 10) / 10} MiB`;
}

/** `the script ran for more than 30 s`, with the flag that allows more. */
export function timeError(milliseconds: number): LuakitError {
  return new LuakitError("script.limit", `the script ran for more than ${milliseconds / 1000} s`, {
    hint: "a script that needs longer can have it: --timeout 5m",
  });
}
