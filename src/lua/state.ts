import { type AdapterImports, installAdapter } from "./adapter.ts";
import { type LuaExports, longjmp, openGlue, type PreparedState, readPrepared } from "./glue.ts";
import { luaLayout } from "./layout.ts";
import { Halt, type Limit } from "./limit.ts";
import { openLibraries } from "./prepare.ts";

/** A function that Lua can call: arguments are on the stack from 1, and it gives the number of results it pushed. */
export type RawFunction = () => number;

/** Pseudo indexes of Lua 5.4. */
export const registryIndex = -1_001_000;
export const upvalueIndex = (position: number): number => registryIndex - position;

const hookOnCount = 8;
/** Instructions between looks at the clock: looking costs little beside what the hook itself costs. */
const hookInterval = 200;
const scratchBytes = 4096;
/** Strings up to here are tried as ASCII first. */
const quickBytes = 1024;

export interface StateOptions {
  /** Lua's code when it has been compiled already. */
  readonly module: WebAssembly.Module | undefined;
  readonly limit: Limit;
  readonly now: () => number;
  /** Where the script is when its time is up. */
  readonly halt: (error: Halt) => Halt;
  /** Pushes the error value for what a function threw; what it throws itself ends the script. */
  readonly pushError: (error: unknown, name: string | undefined) => void;
  /** Memory is about to run out, or was refused; Lua may still find some. */
  readonly starving: () => void;
}

/** One Lua state: memory, strings, and the way in for our functions. `thread` is the coroutine that runs. */
export class LuaState {
  readonly c: LuaExports;
  /** Memory as bytes and as ints; replaced whenever it grows. */
  bytes: Uint8Array;
  ints: Int32Array;
  thread: number;
  readonly main: number;
  /** Whether it started with its sandbox filled. */
  readonly isPrepared: boolean;
  /** How deep we are in calls from Lua to us. */
  depth = 0;
  private readonly functions: RawFunction[] = [];
  private readonly functionNames: (string | undefined)[] = [];
  private readonly names = new Map<string, number>();
  private readonly callPointer: number;
  private readonly sizePointer: number;
  private scratch: number;
  private scratchSize = scratchBytes;
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private readonly slice = Buffer.prototype.utf8Slice;
  private readonly options: StateOptions;

  constructor(options: StateOptions) {
    this.options = options;
    // Lua seeds its hashes, and so the order of `pairs`, from the clock: it must not tick meanwhile.
    let opened = false;
    const adapter = {
      call: (thread: number) => this.dispatch(thread),
      hook: (thread: number) => this.tick(thread),
    };
    this.c = openGlue({
      module: options.module,
      now: () => (opened ? options.now() : 0),
      mayGrow: (size) => {
        const allowed = options.limit.mayGrow(size);
        if (!allowed && opened) options.starving();
        return allowed;
      },
      grown: () => this.refresh(),
      adapter,
    });
    this.bytes = new Uint8Array(this.c.memory.buffer);
    this.ints = new Int32Array(this.c.memory.buffer);
    const prepared = readPrepared(this.c);
    this.isPrepared = prepared !== undefined;
    const { main, call, size, scratch } = prepared ?? this.open(adapter);
    this.main = main;
    this.thread = main;
    this.callPointer = call;
    this.sizePointer = size;
    this.scratch = scratch;
    opened = true;
  }

  private open(adapter: AdapterImports): PreparedState {
    const { c } = this;
    const { call, hook } = installAdapter(c.__indirect_function_table, adapter);
    const main = openLibraries(c);
    const size = c.malloc(8);
    const scratch = c.malloc(scratchBytes);
    c.lua_sethook(main, hook, hookOnCount, hookInterval);
    return { main, call, size, scratch };
  }

  /** What another state in the same memory would need to go on. */
  get prepared(): PreparedState {
    return { main: this.main, call: this.callPointer, size: this.sizePointer, scratch: this.scratch };
  }

  private refresh(): void {
    this.bytes = new Uint8Array(this.c.memory.buffer);
    this.ints = new Int32Array(this.c.memory.buffer);
  }

  private tick(thread: number): void {
    const { limit } = this.options;
    const error = limit.overdue();
    if (error === undefined && !limit.tight) return;
    const outer = this.thread;
    this.thread = thread;
    if (error !== undefined) throw this.options.halt(new Halt(error));
    this.options.starving();
    this.thread = outer;
  }

  private dispatch(thread: number): number {
    const outer = this.thread;
    this.thread = thread;
    this.depth++;
    const place = this.ownPlace(thread);
    try {
      const run = this.functions[place];
      if (run === undefined) throw new Error("unknown function");
      return run();
    } catch (error) {
      if (error === longjmp) throw error;
      if (error instanceof Halt) throw this.options.halt(error);
      this.options.pushError(error, this.functionNames[place]);
    } finally {
      this.depth--;
      this.thread = outer;
    }
    return this.c.lua_error(thread);
  }

  /** The first upvalue of the C function that runs: its place among our functions. */
  private ownPlace(thread: number): number {
    const { ints } = this;
    const frame = ints[(thread + luaLayout.threadFrame) >> 2] ?? 0;
    const closure = ints[(ints[(frame + luaLayout.frameFunction) >> 2] ?? 0) >> 2] ?? 0;
    return ints[(closure + luaLayout.cClosureUpvalues) >> 2] ?? -1;
  }

  /** Pushes one of our functions; errors that it throws carry its name. */
  pushFunction(run: RawFunction, name?: string): void {
    this.pushRegistered(this.register(run, name));
  }

  /** A place for a function that is pushed often. */
  register(run: RawFunction, name?: string): number {
    this.functionNames.push(name);
    return this.functions.push(run) - 1;
  }

  /** Pushes a registered function. The `upvalues` topmost values become its upvalues 2 and up. */
  pushRegistered(place: number, upvalues = 0): void {
    this.c.lua_pushlightuserdata(this.thread, place);
    if (upvalues > 0) this.c.lua_rotate(this.thread, -1 - upvalues, 1);
    this.c.lua_pushcclosure(this.thread, this.callPointer, upvalues + 1);
  }

  /** Keeps the value at `index` alive for good and gives its key in the registry. */
  keep(index: number): number {
    this.c.lua_pushvalue(this.thread, index);
    return this.c.luaL_ref(this.thread, registryIndex);
  }

  /** As `keep`, for a value anywhere in Lua's memory. */
  keepSlot(slot: number): number {
    this.c.lua_pushnil(this.thread);
    const { ints } = this;
    const top = (ints[(this.thread + luaLayout.threadTop) >> 2] ?? 0) - luaLayout.slotBytes;
    ints.copyWithin(top >> 2, slot >> 2, (slot + luaLayout.slotBytes) >> 2);
    return this.c.luaL_ref(this.thread, registryIndex);
  }

  /** A C string that stays, for the fixed names that we pass often. */
  name(text: string): number {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    const encoded = this.encoder.encode(`${text}\0`);
    const pointer = this.c.malloc(encoded.length);
    this.bytes.set(encoded, pointer);
    this.names.set(text, pointer);
    return pointer;
  }

  forgetNames(): void {
    for (const pointer of this.names.values()) this.c.free(pointer);
    this.names.clear();
  }

  pushText(text: string): void {
    const pointer = this.reserve(text.length * 3);
    const { written } = this.encoder.encodeInto(text, this.bytes.subarray(pointer, pointer + text.length * 3));
    this.c.lua_pushlstring(this.thread, pointer, written);
    this.release();
  }

  pushBytes(data: Uint8Array): void {
    const pointer = this.reserve(data.length);
    this.bytes.set(data, pointer);
    this.c.lua_pushlstring(this.thread, pointer, data.length);
    this.release();
  }

  /** Memory for `size` bytes until `release`. Throws when the cap does not allow it. */
  reserve(size: number): number {
    if (size > this.scratchSize) {
      const pointer = this.c.malloc(size);
      if (pointer === 0) throw this.memoryError();
      this.c.free(this.scratch);
      this.scratch = pointer;
      this.scratchSize = size;
    }
    return this.scratch;
  }

  private release(): void {
    if (this.scratchSize <= 1 << 16) return;
    this.c.free(this.scratch);
    this.scratch = this.c.malloc(scratchBytes);
    this.scratchSize = scratchBytes;
  }

  memoryError(): Halt {
    return this.options.halt(new Halt(this.options.limit.memoryError()));
  }

  /** A string's place and size in memory; valid until the next call into Lua. */
  stringAt(index: number): { readonly pointer: number; readonly size: number } {
    const pointer = this.c.lua_tolstring(this.thread, index, this.sizePointer);
    return { pointer, size: this.ints[this.sizePointer >> 2] ?? 0 };
  }

  /** Memory as text; undefined when it is not UTF-8. */
  decode(pointer: number, size: number): string | undefined {
    const end = pointer + size;
    if (size <= quickBytes) {
      const text = this.slice.call(this.bytes, pointer, end);
      // Only ASCII and invalid bytes give one unit per byte.
      if (text.length === size && !text.includes("\ufffd")) return text;
    }
    try {
      return this.decoder.decode(this.bytes.subarray(pointer, end));
    } catch {
      return undefined; // The decoder's only failure: not UTF-8.
    }
  }

  /** A string as text, with replacement characters for what is not UTF-8. */
  lossyText(index: number): string {
    const { pointer, size } = this.stringAt(index);
    return Buffer.prototype.utf8Slice.call(this.bytes, pointer, pointer + size);
  }
}
