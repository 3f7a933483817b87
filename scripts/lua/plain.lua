-- What nearly all build scripts do. The functions of Lua that this calls are compiled at every start, those that only
-- usual.lua calls when one of them is first called, and all others later still: see split-module.ts.
local module = require("module")
local packages = { "git", "make", module.name or "go" }
local versions = { go = "1.24", node = "22" }
local source = bk.local_("context", { include = { "src", "go.mod" } })
local base = bk.image("busybox:" .. 1):with_env({ LANG = "C", PATH = "/bin" }):with_dir("/src")

local function install(state, ...)
  local names = { ... }
  for _, name in ipairs(names) do
    state = state:run("install " .. name, { env = { NAME = name }, cwd = "/" })
  end
  return state
end

local built = install(base, packages[1], packages[2])
for count = 1, 3 do
  built = built:run("make " .. count, { env = { STEP = tostring(count), NEXT = tostring(count + 1) } })
end
for name, version in pairs(versions) do
  packages[#packages + 1] = name .. "-" .. version
end
built = built:copy(source, "src", "/src", { mode = 420, exclude = { "*.md" } })
if #packages > 2 and packages[1] ~= "go" or os.getenv("DEBUG") == "1" then
  built = built:run({ "sh", "-c", "true" }, { mounts = { bk.cache("/cache"), bk.bind(source, "/in") } })
end
local script = [[
#!/bin/sh
echo done
]]
while #packages < 2 do
  packages[#packages + 1] = script
end
local final = bk.scratch():copy(built, "/src", "/src"):mkdir("/etc"):mkfile("/etc/script", script)
bk.export(final, { entrypoint = { "/app" }, env = { VERSION = bk.arg("VERSION", "1") }, labels = { owner = "me" } })
