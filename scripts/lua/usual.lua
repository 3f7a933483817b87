-- What build scripts usually do. The functions of Lua that this calls and plain.lua does not are a part of their own, which
-- is compiled when one of them is first called: see split-module.ts.
local versions = { "1.24", "1.25", "1.26" }
local settings = { debug = false, jobs = 4, name = "app", nested = { depth = 2 } }
local module = require("module")
assert(module.answer == 42 and #versions == 3)

local Stage = {}
Stage.__index = Stage

function Stage.new(name, state)
  return setmetatable({ name = name, state = state, steps = 0 }, Stage)
end

function Stage:step(command, ...)
  local extra = { ... }
  self.steps = self.steps + 1 + select("#", ...)
  self.state = self.state:run(table.concat({ command, table.unpack(extra) }, " "), { env = { STEP = self.steps }, cwd = "/src" })
  return self
end

local source = bk.local_("context", { include = { "src", "go.mod" } })
local base = bk.image("busybox:1", { platform = bk.target_platform() }):with_env({ LANG = "C", PATH = "/bin" }):with_dir("/src")
local built = {}
for index, version in ipairs(versions) do
  local stage = Stage.new("v" .. version, base)
  for count = 1, 60 do
    stage:step("make " .. count, string.format("VERSION=%s", version), "-j" .. settings.jobs)
  end
  built[index] = stage.state:copy(source, "src", "/src", { mode = 420, exclude = { "*.md" } })
end
for key, value in pairs(settings) do
  if type(value) == "table" then
    settings[key] = nil
  elseif key ~= "name" and value ~= false then
    settings[key] = tostring(value)
  end
end

local words = {}
for word in string.gmatch("one,two,three", "[^,]+") do
  words[#words + 1] = word:upper()
  table.insert(words, word:sub(1, 2):rep(2))
end
table.sort(words)
table.remove(words)
local text, count = ("a-b-c"):gsub("-", "_")
assert(text:find("_", 1, true) == 2 and count == 2 and text:match("^(%a)_") == "a")
assert(not pcall(error, "no"))
assert(tonumber("42") == 42 and math.floor(7 / 2) == 3 and 7 // 2 == 3 and 2 ^ 3 > 7 and #words > 3)

local total = 0
local index = 0
while true do
  index = index + 1
  if index > 300 then
    break
  elseif index % 2 == 0 then
    total = total + index * 2
  end
end
local lines = { [[
#!/bin/sh
]] }
repeat
  lines[#lines + 1] = "line " .. #lines .. ("x"):rep(100)
until #lines > 300
local script = table.concat(lines, "\n")

local version = bk.arg("VERSION", "1.0")
local files = bk.scratch():mkdir("/etc"):mkfile("/etc/version", version, { mode = 420 }):mkfile("/etc/script", script)
local final = bk.merge({ built[1], files })
final = final:run({ "sh", "-c", "true" }, { mounts = { bk.cache("/cache"), bk.secret("token"), bk.bind(built[2], "/in") } })
bk.export(final, { entrypoint = { "/app" }, env = { VERSION = version }, labels = { total = tostring(total) } })
