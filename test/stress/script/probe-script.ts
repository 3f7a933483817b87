import type { Choice } from "./choice.ts";
import { oddValue } from "./odd-value.ts";
import { head } from "./script-text.ts";

/** Names by which scripts elsewhere reach what is outside. */
const outside = [
  ...[
    "io.open",
    "io.popen",
    "io.lines",
    "io.read",
    "io.write",
    "io.output",
    "io.stdout.write",
    "os.execute",
    "os.remove",
    "os.rename",
    "os.exit",
    "os.tmpname",
  ],
  ...[
    "os.setlocale",
    "debug.getregistry",
    "debug.getinfo",
    "debug.sethook",
    "debug.getupvalue",
    "debug.setmetatable",
    "debug.getmetatable",
    "debug.debug",
  ],
  ...[
    "package.loadlib",
    "package.searchpath",
    "package.searchers[2]",
    "package.cpath",
    "dofile",
    "loadfile",
    "string.dump",
    "require",
    "load",
    "loadstring",
  ],
  ...[
    "process.exit",
    "Bun.spawn",
    "globalThis.process",
    "js.global",
    "window",
    "module.require",
    "import",
    "fetch",
    "wasmoon",
    "Module",
    "ffi.C",
    "jit.on",
  ],
];

/** Walks over everything that a script can come to, and calls what it finds. */
const walk = `
local seen, found, calls = {}, {}, 0
local canary = os.getenv("LUAKIT_CANARY")
local function note(value) if type(value) == "string" and value:find("canary%-%x+") then print("LEAK " .. #value) end end
local function visit(value, path, depth)
  note(value)
  local kind = type(value)
  if depth > 6 or seen[value] or kind == "nil" or kind == "number" or kind == "string" or kind == "boolean" then return end
  seen[value] = true
  found[#found + 1] = kind
  local mt = getmetatable(value)
  if type(mt) == "table" then visit(mt, path .. "<mt>", depth + 1) end
  if kind == "userdata" and mt ~= nil and type(mt) ~= "string" then print("META " .. type(mt)) end
  pcall(setmetatable, value, {__index = seen, __metatable = false})
  if kind == "table" then
    for k, v in next, value do visit(k, path, depth + 1) visit(v, path .. "." .. tostring(k), depth + 1) end
    pcall(function() for k, v in pairs(value) do visit(v, path .. "." .. tostring(k), depth + 1) end end)
  elseif kind == "function" and calls < 3000 and not path:find("print") and not path:find("log") and not path:find("error") and not path:find("warn") then
    calls = calls + 1
    for _, args in ipairs(ARGS) do
      local r = table.pack(pcall(value, table.unpack(args, 1, 4)))
      for i = 2, r.n do note(r[i]) visit(r[i], path .. "()", depth + 2) end
    end
  elseif kind == "userdata" then
    for _, k in ipairs({"run", "__gc", "constructor", "prototype", "__proto__", "value", "output", "op", "then", "toString"}) do
      local ok, v = pcall(function() return value[k] end)
      if ok then visit(v, path .. ":" .. k, depth + 2) end
    end
  end
end`;

/** A script that looks for a way out of the sandbox. `secret` is a path of a file that it must not read. */
export function probeScript(choice: Choice, secret: string): string {
  const path = JSON.stringify(secret);
  const args = choice.several(
    1,
    3,
    () => `{${choice.several(0, 3, () => (choice.percent(30) ? path : oddValue(choice))).join(", ")}}`,
  );
  const lines = [
    ...head,
    "S[1], M[1], P[1] = bk.image(BUSYBOX), bk.tmpfs('/t'), bk.target_platform()",
    `local ARGS = {${args.join(", ")}, {${path}, "r"}}`,
    ...walk.trim().split("\n"),
  ];
  for (const _ of choice.several(5, 15, () => 0)) {
    const name = choice.any(outside) ?? "io.open";
    const value = choice.percent(60) ? path : oddValue(choice);
    lines.push(
      `try(function() local v = table.pack(${name}(${value}, "r")) for i = 1, v.n do note(v[i]) visit(v[i], "", 0) end end)`,
    );
  }
  lines.push(
    `try(function() return load(("\\27Lua"):rep(1) .. "T\\0\\x19\\x93\\r\\n\\x1a\\n" .. ("\\0"):rep(${choice.below(200)}), "x", "b")() end)`,
    `try(function() return load("\\27LuaT", "=(load)", ${oddValue(choice)}, ${oddValue(choice)})() end)`,
    `for _, name in ipairs({${path}, "../canary", "..canary", "/etc/passwd", ${oddValue(choice)}}) do note(select(2, pcall(require, name))) end`,
    "for _, name in ipairs({'LUAKIT_CANARY', 'PATH', 'HOME', 'BUILDKIT_HOST'}) do if os.getenv(name) then print('LEAK ' .. name) end end",
    choice.pick([
      "visit(_G, '_G', 0)",
      "visit(bk, 'bk', 0)",
      "visit({S, M, P, coroutine, string, table, utf8, math, package, os, io, debug}, 'all', 0)",
    ]),
    "pcall(bk.export, S[1])",
  );
  return `${lines.join("\n")}\n`;
}
