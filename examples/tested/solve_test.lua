-- Needs a daemon: luakit test --solve. Its own base image stands in for the script's.

local base = { ["busybox:latest"] = bk.image("busybox") }

test("the program greets", function()
  local solved = test.solve(test.script("build.lua", { args = { VERSION = "1.2" }, contexts = base }))

  expect(solved:stat("/usr/bin/hello")):contains({ type = "file", mode = "0755" })
  expect(solved:exists("/out")):equals(false)
  expect(solved:run({ "/usr/bin/hello", "Ada" }, { user = "0" })):equals({
    code = 0,
    stdout = "hello Ada, this is 1.2\n",
    stderr = "",
  })
  expect(solved.config):contains({ user = "nobody", entrypoint = { "/usr/bin/hello" } })
end)
