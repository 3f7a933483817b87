import language from "./language.lua" with { type: "text" };

/** Functions of Lua 5.4 that build scripts do not have, by library; those of the first are globals. */
export const removedFunctions: Readonly<Record<string, readonly string[]>> = {
  "": ["dofile", "loadfile"],
  string: ["dump"],
  package: ["loadlib", "searchpath"],
  os: ["difftime", "execute", "exit", "remove", "rename", "setlocale", "tmpname"],
  io: ["close", "flush", "input", "lines", "open", "output", "popen", "read", "tmpfile", "type", "write"],
  debug: [
    ...["debug", "gethook", "getinfo", "getlocal", "getmetatable", "getregistry", "getupvalue", "getuservalue"],
    ...["sethook", "setlocal", "setmetatable", "setupvalue", "setuservalue", "traceback", "upvalueid", "upvaluejoin"],
  ],
};

/** Libraries of Lua that are not as Lua has them: editors must not bring their own. */
export const changedLibraries = ["os", "io", "debug"] as const;

/** What the language itself has in build scripts, as far as it is not Lua 5.4's: editors strike out what is not there. */
export function renderLanguage(): string {
  return [
    language.trimEnd(),
    ...["io", "debug"].map((name) => `---Build scripts have no ${name}.\n---@class ${name}lib\n${name} = {}`),
    ...Object.entries(removedFunctions).flatMap(([library, names]) =>
      names.map((name) => renderRemoved(library === "" ? name : `${library}.${name}`)),
    ),
  ].join("\n\n");
}

function renderRemoved(name: string): string {
  return `---\`${name}\` is not available in build scripts.\n---@deprecated\nfunction ${name}(...) end`;
}
