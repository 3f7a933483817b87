import prelude from "./stdlib/prelude.lua" with { type: "text" };

/** The standard library that is part of luakit: Lua sources by module name. */
export const standardLibrary: ReadonlyMap<string, string> = new Map([["prelude", prelude]]);
