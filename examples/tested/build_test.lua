describe("release", function()
  ---@type Build
  local build

  before_each(function()
    build = test.script("build.lua", { args = { VERSION = "1.2" } })
  end)

  test("compiles with a cache", function()
    expect(build):has_exec({
      name = "compile",
      args = test.pattern("@VERSION@/1%.2/"),
      mount = { type = "cache", id = "tested-cache" },
    })
  end)

  test("has the program and no debugging tools", function()
    expect(build):has_copy({
      source = "/out/hello",
      dest = "/usr/bin/hello",
      depends_on = { exec = { name = "compile" } },
    })
    expect(build):has_no_exec("set -x")
    expect(build.config.entrypoint):equals({ "/usr/bin/hello" })
  end)

  test("is what it was", function()
    expect(build):matches_snapshot()
  end)
end)

test("there is a target for debugging", function()
  local debug = test.script("build.lua", { target = "debug" })
  expect(debug):has_exec("set -x")
  expect(debug.targets):contains({ name = "debug", default = false })
  expect(debug):has_no_warning()
end)

for _, platform in ipairs({ "linux/amd64", "linux/arm64", "linux/arm/v7" }) do
  test("steps run on " .. platform, function()
    expect(test.script("build.lua", { platform = platform })):has_exec({ platform = platform })
  end)
end

test("a target that is not there is an error", function()
  expect(function()
    test.script("build.lua", { target = "relaese" })
  end):fails('did you mean "release"')
end)
