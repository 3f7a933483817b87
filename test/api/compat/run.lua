-- state:run and mounts with every option that the Go luakit documented.
local base = bk.image("alpine:3.19")
local other = bk.image("ubuntu:24.04")
local text = base:run("apk update && apk add curl")
local list = text:run({ "cat", "/etc/os-release" })
local none = list:run("true", nil)
local full = none:run("make -j$(nproc)", {
  cwd = "/app/src",
  env = { CC = "gcc", JOBS = 4, VERBOSE = true },
  user = "builder",
  network = "none",
  security = "sandbox",
  mounts = {
    bk.cache("/go/pkg/mod"),
    bk.cache("/root/.cache", { sharing = "private" }),
    bk.cache("/root/.npm", { sharing = "locked", id = "npm" }),
    bk.secret("/run/secrets/npmrc"),
    bk.secret("/run/secrets/token", { id = "token", uid = 1000, gid = 1000, mode = 256, optional = true }),
    bk.ssh(),
    bk.ssh({ dest = "/root/agent", id = "other", uid = 0, gid = 0, mode = 384, optional = true }),
    bk.tmpfs("/tmp"),
    bk.tmpfs("/var/tmp", { size = 1073741824 }),
    bk.bind(other, "/ubuntu"),
    bk.bind(other, "/etc/ubuntu", { selector = "/etc", readonly = true }),
    bk.bind(other, "/work", { readonly = false }),
  },
  hostname = "builder",
  valid_exit_codes = { 0, 1 },
})
local one = full:run("true", { valid_exit_codes = 0, network = "host", security = "insecure" })
local range = one:run("true", { valid_exit_codes = "0..10", network = "sandbox" })
bk.export(range:with_metadata({ description = "Run the tests", progress_group = "tests" }))
