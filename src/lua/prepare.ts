import type { LuaExports } from "./glue.ts";

/** The libraries that scripts get, by their names there. */
const libraries = ["coroutine", "table", "string", "math", "utf8", "os"] as const;

/** Makes a Lua state with the libraries open, and gives its address. The clock must stand still at 0 meanwhile. */
export function openLibraries(c: LuaExports): number {
  const state = c.luaL_newstate();
  c.luaopen_base(state);
  for (const name of libraries) {
    c[`luaopen_${name}`](state);
    const pointer = c.malloc(16);
    new Uint8Array(c.memory.buffer).set(new TextEncoder().encode(`${name}\0`), pointer);
    c.lua_setglobal(state, pointer);
    c.free(pointer);
  }
  c.lua_settop(state, 0);
  return state;
}
