import { readFileSync } from "node:fs";
import wasmPath from "#lua.wasm" with { type: "file" };
import morePath from "#lua-more.wasm" with { type: "file" };
import restPath from "#lua-rest.wasm" with { type: "file" };
import type { AdapterImports } from "./adapter.ts";
import { clockImports, type HostFunctions } from "./clock.ts";

/** The part of Lua's C API that we call. Pointers, lengths and ints are numbers; lua_Integer is bigint. */
export interface LuaExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  setThrew(threw: number, value: number): void;
  stackSave(): number;
  stackRestore(pointer: number): void;
  malloc(size: number): number;
  free(pointer: number): void;
  luaL_newstate(): number;
  luaL_requiref(state: number, name: number, open: number, global: number): void;
  luaL_callmeta(state: number, index: number, event: number): number;
  luaL_checkstack(state: number, slots: number, message: number): void;
  luaL_loadbufferx(state: number, text: number, size: number, name: number, mode: number): number;
  luaL_ref(state: number, table: number): number;
  luaL_unref(state: number, table: number, reference: number): void;
  luaL_tolstring(state: number, index: number, size: number): number;
  luaopen_base(state: number): number;
  luaopen_coroutine(state: number): number;
  luaopen_table(state: number): number;
  luaopen_string(state: number): number;
  luaopen_math(state: number): number;
  luaopen_utf8(state: number): number;
  luaopen_os(state: number): number;
  lua_atpanic(state: number, handler: number): number;
  lua_callk(state: number, args: number, results: number, context: number, next: number): void;
  lua_checkstack(state: number, slots: number): number;
  lua_copy(state: number, from: number, to: number): void;
  lua_createtable(state: number, items: number, fields: number): void;
  lua_error(state: number): number;
  lua_getfield(state: number, index: number, name: number): number;
  lua_getglobal(state: number, name: number): number;
  lua_getmetatable(state: number, index: number): number;
  lua_gettop(state: number): number;
  lua_isinteger(state: number, index: number): number;
  lua_newuserdatauv(state: number, size: number, values: number): number;
  lua_next(state: number, index: number): number;
  lua_pcallk(state: number, args: number, results: number, handler: number, context: number, next: number): number;
  lua_pushboolean(state: number, value: number): void;
  lua_pushcclosure(state: number, pointer: number, upvalues: number): void;
  lua_pushinteger(state: number, value: bigint): void;
  lua_pushlightuserdata(state: number, pointer: number): void;
  lua_pushlstring(state: number, text: number, size: number): number;
  lua_pushnil(state: number): void;
  lua_pushnumber(state: number, value: number): void;
  lua_pushvalue(state: number, index: number): void;
  lua_rawequal(state: number, left: number, right: number): number;
  lua_rawget(state: number, index: number): number;
  lua_rawgeti(state: number, index: number, position: bigint): number;
  lua_rawlen(state: number, index: number): bigint;
  lua_rawset(state: number, index: number): void;
  lua_rawseti(state: number, index: number, position: bigint): void;
  lua_rotate(state: number, index: number, by: number): void;
  lua_setfield(state: number, index: number, name: number): void;
  lua_setglobal(state: number, name: number): void;
  lua_sethook(state: number, hook: number, mask: number, count: number): void;
  lua_setmetatable(state: number, index: number): number;
  lua_settop(state: number, top: number): void;
  lua_toboolean(state: number, index: number): number;
  lua_tocfunction(state: number, index: number): number;
  lua_tointegerx(state: number, index: number, ok: number): bigint;
  lua_tolstring(state: number, index: number, size: number): number;
  lua_tonumberx(state: number, index: number, ok: number): number;
  lua_topointer(state: number, index: number): number;
  lua_touserdata(state: number, index: number): number;
  lua_type(state: number, index: number): number;
  lua_xmove(from: number, to: number, count: number): void;
}

export interface GlueOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether memory may become `size` bytes large; called before every growth. */
  readonly mayGrow: (size: number) => boolean;
  /** Memory moved: views on it are stale. */
  readonly grown: () => void;
  /** What a prepared WebAssembly has in its table, as `installAdapter` does it for one that is not. */
  readonly adapter: AdapterImports;
  /** Lua's code when it has been compiled already: see `compileLua`. */
  readonly module?: WebAssembly.Module | undefined;
}

/** Compiles Lua's code beside what the main thread does meanwhile; it takes about 10 ms. */
export function compileLua(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(readFileSync(wasmPath));
}

const pageBytes = 65536;
/** Memory doubles, but not by more than this at a time; near its cap a script gets just what it asks for. */
const largestGrowth = 16 << 20;

/** Where a prepared WebAssembly keeps its `PreparedState`; the C library leaves the first KiB unused. */
const preparedPlace = 16;

/** The Lua state that a prepared WebAssembly starts with, and what its owner keeps beside it: addresses. */
export interface PreparedState {
  readonly main: number;
  /** The adapter's `call`. */
  readonly call: number;
  readonly size: number;
  readonly scratch: number;
}

/** The state that the WebAssembly starts with, its libraries open and its sandbox filled, if it is a prepared one. */
export function readPrepared({ memory }: LuaExports): PreparedState | undefined {
  const [main = 0, call = 0, size = 0, scratch = 0] = new Int32Array(memory.buffer, preparedPlace, 4);
  return main === 0 ? undefined : { main, call, size, scratch };
}

/** Notes in a copy of the memory what it starts with. */
export function writePrepared(memory: Uint8Array, { main, call, size, scratch }: PreparedState): void {
  new Int32Array(memory.buffer, preparedPlace, 4).set([main, call, size, scratch]);
}

/** What the `hook` in the table of a prepared WebAssembly gives `invoke_vii` for a pointer. */
export const hookPointer = -1;

/** What a prepared WebAssembly calls `exit` with, plus the number of the part of its code that it needs: 1 or 2. */
export const partWanted = 0x72657300;

const laterParts = [morePath, restPath];

/** Later parts by the first ones: VMs share code. */
const compiled = new WeakMap<WebAssembly.Module, (WebAssembly.Module | undefined)[]>();

function laterPart(first: WebAssembly.Module, index: number, path: string): WebAssembly.Module {
  const parts = compiled.get(first) ?? [];
  const part = parts[index] ?? new WebAssembly.Module(readFileSync(path));
  parts[index] = part;
  compiled.set(first, parts);
  return part;
}

/** Starts Lua's WebAssembly with our own host: no files, no environment, no processes. */
export function openGlue(options: GlueOptions): LuaExports {
  const module = options.module ?? new WebAssembly.Module(readFileSync(wasmPath));
  const host: { exports?: LuaExports } = {};
  const lua = (): LuaExports => {
    if (host.exports === undefined) throw new Error("Lua is not started");
    return host.exports;
  };
  const exit = (status: number): void => {
    const index = status - partWanted - 1;
    const path = laterParts[index];
    if (path === undefined) throw new Error("Lua exited");
    loadPart(laterPart(module, index, path), index, lua(), imports);
  };
  const clock = clockImports(() => lua().memory.buffer, options.now);
  const imports = {
    // Nothing of Lua's calls \`system\`: the sandbox took it away.
    env: { ...refusedCalls(), ...clock, ...hostImports(lua, options), system: options.adapter.call, exit },
    wasi_snapshot_preview1: refusedStreams(),
  };
  const instance = new WebAssembly.Instance(module, imports);
  // The one place where the module's exports get their types; the table above is checked by the room's tests.
  const exports = instance.exports as object as LuaExports;
  host.exports = exports;
  if (readPrepared(exports) === undefined) exports.__wasm_call_ctors();
  else exports.emscripten_stack_init();
  return exports;
}

type Imports = ConstructorParameters<typeof WebAssembly.Instance>[1];

/** Puts the functions of a later part into the table, and says so in its global. */
function loadPart(part: WebAssembly.Module, index: number, first: LuaExports, imports: Imports): void {
  const { memory, __indirect_function_table: table } = first;
  const globals = Object.entries(first).filter(([, value]) => value instanceof WebAssembly.Global);
  new WebAssembly.Instance(part, { ...imports, lua: { ...Object.fromEntries(globals), memory, table } });
  const isThere = globals[globals.length - laterParts.length + index]?.[1];
  if (isThere instanceof WebAssembly.Global) isThere.value = 1;
}

/** Marks a `longjmp` on its way: what emscripten's JavaScript throws as well. */
export const longjmp = Number.POSITIVE_INFINITY;

function hostImports(lua: () => LuaExports, options: GlueOptions): HostFunctions {
  return {
    invoke_vii(pointer: number, first: number, second: number): void {
      if (pointer === hookPointer) {
        options.adapter.hook(first, second);
        return;
      }
      const exports = lua();
      const saved = exports.stackSave();
      try {
        exports.__indirect_function_table.get(pointer)(first, second);
      } catch (error) {
        // Only longjmp is Lua's own; anything else ends the script and no pcall may see it.
        if (error !== longjmp) throw error;
        exports.stackRestore(saved);
        exports.setThrew(1, 0);
      }
    },
    _emscripten_throw_longjmp(): never {
      throw longjmp;
    },
    emscripten_resize_heap: (size: number) => Number(growHeap(lua().memory, size >>> 0, options)),
    abort: (): never => {
      throw new Error("Lua aborted");
    },
  };
}

function growHeap(memory: WebAssembly.Memory, size: number, options: GlueOptions): boolean {
  const current = memory.buffer.byteLength;
  const wanted = Math.max(size, current + Math.min(current, largestGrowth));
  for (const target of [wanted, size]) {
    if (!options.mayGrow(target)) continue;
    try {
      memory.grow(Math.ceil((target - current) / pageBytes));
    } catch {
      return false; // The machine has no more; Lua says "not enough memory".
    }
    options.grown();
    return true;
  }
  return false;
}

const badFile = 8;
const notPermitted = -1;

function refusedCalls(): HostFunctions {
  const refuse = (): number => notPermitted;
  const names = ["openat", "fcntl64", "ioctl", "dup3", "unlinkat", "rmdir", "renameat", "readlinkat"];
  return Object.fromEntries(names.map((call) => [`__syscall_${call}`, refuse]));
}

function refusedStreams(): HostFunctions {
  const refuse = (): number => badFile;
  return {
    fd_write: refuse,
    fd_read: refuse,
    fd_close: refuse,
    fd_seek: refuse,
    environ_sizes_get: refuse,
    environ_get: refuse,
  };
}
