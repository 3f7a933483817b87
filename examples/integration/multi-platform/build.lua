-- A Go program for every platform, compiled on the daemon's own: nothing is emulated.
local context = bk.local_("context", { include = { "main.go" } })
local target, build = bk.target_platform(), bk.build_platform()
local os, arch = tostring(target):match("^([^/]+)/([^/]+)")

local compiled = bk.image("golang:1", { platform = build })
  :for_platform(build)
  :with_dir("/src")
  :copy(context, "main.go", "/src/")
  :run("go build -o /out/hello main.go", {
    env = { CGO_ENABLED = "0", GO111MODULE = "off", GOOS = os, GOARCH = arch },
    mounts = { bk.cache("/root/.cache/go-build") },
    name = "compile for " .. tostring(target),
  })

bk.export(bk.scratch():copy(compiled, "/out/hello", "/hello"), { entrypoint = { "/hello" } })
