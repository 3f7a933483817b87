import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type LuaExports, partWanted, writePrepared } from "../src/lua/glue.ts";
import { Limit } from "../src/lua/limit.ts";
import { fillSandbox } from "../src/lua/sandbox-tables.ts";
import { LuaState } from "../src/lua/state.ts";
import { splitModule } from "./lua/split-module.ts";
import { usedFunctions } from "./lua/used-functions.ts";
import { readSections, sectionIds, signed, sized, unsigned, vector, writeModule } from "./lua/wasm-bytes.ts";
import { withAdapter } from "./lua/with-adapter.ts";
import { restHook, withTicks } from "./lua/with-ticks.ts";

/** Where the parts of Lua go. */
const preparedLua: readonly string[] = [".cache/lua.wasm", ".cache/lua-more.wasm", ".cache/lua-rest.wasm"];

/**
 * Makes the WebAssembly that executables carry: Lua with its libraries already open in its memory, and in parts, of
 * which a plain script needs the first alone and most others the second. What scripts see is the same.
 */
export function prepareLua(glue: string, target = preparedLua): void {
  const plain = readFileSync(glue);
  const opened = withMemory(withTicks(withAdapter(plain)), openedMemory(new WebAssembly.Module(plain)));
  const parts = ["plain.lua", "usual.lua"].map((script) => usedFunctions(opened, join(import.meta.dir, "lua", script)));
  const exports = new Set(Object.keys(used));
  const modules = splitModule(opened, { parts, exports, partWanted });
  for (const [index, path] of target.entries()) replaceFile(path, modules[index] ?? new Uint8Array());
}

/** Others may be reading the file. */
function replaceFile(path: string, data: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, data);
  renameSync(`${path}.${process.pid}`, path);
}

/**
 * What executables start with, in pages of 64 KiB, instead of 16 MiB: the runtime counts memory that JavaScript sees
 * as its own, and would collect garbage at every start.
 */
const initialPages = 28;
const largestPages = 32768;
const pageBytes = 65536;

/** Memory as opening the libraries and filling the sandbox leave it, and where it holds the Lua state. */
function openedMemory(module: WebAssembly.Module): Uint8Array {
  const state = new LuaState({
    module,
    limit: new Limit({ memory: initialPages * pageBytes, time: 1000 }, undefined),
    now: () => 0,
    halt: (halt) => halt,
    pushError: () => undefined,
    starving: () => undefined,
  });
  fillSandbox(state);
  const memory = new Uint8Array(state.c.memory.buffer.slice(0));
  // What is new comes from behind all that is in use.
  if (state.c.malloc(pageBytes) + 2 * pageBytes > initialPages * pageBytes)
    throw new Error("Lua needs more pages at start");
  writePrepared(memory, state.prepared);
  restHook(memory, state.main);
  return memory;
}

/** The module with `memory` for its initial data; all other sections stay as they are. */
function withMemory(module: Uint8Array, memory: Uint8Array): Uint8Array {
  const runs = nonZeroRuns(memory).map(({ offset, bytes }) => [...[0, 0x41, ...signed(offset), 0x0b], ...sized(bytes)]);
  return writeModule(readSections(module), {
    [sectionIds.memory]: vector([[1, ...unsigned(initialPages), ...unsigned(largestPages)]]),
    [sectionIds.data]: vector(runs),
    [sectionIds.dataCount]: new Uint8Array(unsigned(runs.length)),
  });
}

/** A gap that costs more to leave out than to write. */
const smallGap = 16;

function nonZeroRuns(memory: Uint8Array): { offset: number; bytes: Uint8Array }[] {
  const runs: { offset: number; bytes: Uint8Array }[] = [];
  for (let at = 0, end = 0; at < memory.length; at = end) {
    end = at + 1;
    if (memory[at] === 0) continue;
    for (let zeros = 0; end < memory.length && zeros < smallGap; end++) zeros = memory[end] === 0 ? zeros + 1 : 0;
    runs.push({ offset: at, bytes: memory.slice(at, end) });
  }
  return runs;
}

/** All that we call: what is exported beside it would only take time to export. */
const used: Readonly<Record<keyof LuaExports, true>> = {
  memory: true,
  __indirect_function_table: true,
  __wasm_call_ctors: true,
  emscripten_stack_init: true,
  setThrew: true,
  stackSave: true,
  stackRestore: true,
  malloc: true,
  free: true,
  luaL_newstate: true,
  luaL_requiref: true,
  luaL_callmeta: true,
  luaL_checkstack: true,
  luaL_loadbufferx: true,
  luaL_ref: true,
  luaL_unref: true,
  luaL_tolstring: true,
  luaopen_base: true,
  luaopen_coroutine: true,
  luaopen_table: true,
  luaopen_string: true,
  luaopen_math: true,
  luaopen_utf8: true,
  luaopen_os: true,
  lua_atpanic: true,
  lua_callk: true,
  lua_checkstack: true,
  lua_copy: true,
  lua_createtable: true,
  lua_error: true,
  lua_getfield: true,
  lua_getglobal: true,
  lua_getmetatable: true,
  lua_gettop: true,
  lua_isinteger: true,
  lua_newuserdatauv: true,
  lua_next: true,
  lua_pcallk: true,
  lua_pushboolean: true,
  lua_pushcclosure: true,
  lua_pushinteger: true,
  lua_pushlightuserdata: true,
  lua_pushlstring: true,
  lua_pushnil: true,
  lua_pushnumber: true,
  lua_pushvalue: true,
  lua_rawequal: true,
  lua_rawget: true,
  lua_rawgeti: true,
  lua_rawlen: true,
  lua_rawset: true,
  lua_rawseti: true,
  lua_rotate: true,
  lua_setfield: true,
  lua_setglobal: true,
  lua_sethook: true,
  lua_setmetatable: true,
  lua_settop: true,
  lua_toboolean: true,
  lua_tocfunction: true,
  lua_tointegerx: true,
  lua_tolstring: true,
  lua_tonumberx: true,
  lua_topointer: true,
  lua_touserdata: true,
  lua_type: true,
  lua_xmove: true,
};
