-- A program with tests of its build: what is in which target, that the cache is used, that the result runs.
--
--   luakit test
--   luakit test --solve
--   luakit build --solve --target release --output out

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })
local version = bk.arg("VERSION", { default = "dev", description = "what the program says its version is" })

local base = bk.image(images .. "/busybox:latest") -- luakit: ignore=unpinned-image
local source = bk.local_("context", { include = { "hello.sh" } })

local built =
  base:run("mkdir -p /out && sed s/@VERSION@/" .. version .. "/ hello.sh > /out/hello && chmod 755 /out/hello", {
    name = "compile",
    cwd = "/src",
    mounts = { bk.bind(source, "/src"), bk.cache("/root/.cache", { id = "tested-cache" }) },
  })

bk.target("release", { description = "the program alone", default = true }, function()
  return base:copy(built, "/out/hello", "/usr/bin/hello"), { entrypoint = { "/usr/bin/hello" }, user = "nobody" }
end)

bk.target("debug", { description = "with what the build left" }, function()
  return built:run("echo set -x > /root/.profile"), { cmd = { "sh", "-l" } }
end)
