-- merge, diff and export with every option that the Go luakit documented.
local base = bk.image("alpine:3.19")
local merged = bk.merge(base:run("a"), base:run("b"), base:run("c"))
local states = { base:run("d"), base:run("e") }
local unpacked = bk.merge(unpack(states))
local changes = bk.diff(base, merged)
bk.export(bk.merge(unpacked, changes), {
  entrypoint = { "/app/server" },
  cmd = { "--port", "8080" },
  env = { "PATH=/usr/bin", "PORT=8080" },
  workdir = "/app",
  cwd = "/app",
  user = "app",
  expose = { "8080/tcp", "8443" },
  labels = { ["org.opencontainers.image.title"] = "App", revision = 7 },
  os = "linux",
  arch = "arm64",
  variant = "v8",
})
