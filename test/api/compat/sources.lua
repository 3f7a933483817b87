-- Sources with every option that the Go luakit documented (passwords excepted: they are refused now).
local a = bk.image("alpine:3.19")
local b = bk.image("alpine:3.19", { platform = "linux/arm64/v8" })
local c = bk.image("alpine:3.19", { platform = { os = "linux", arch = "arm", variant = "v7" } })
local d = bk.image("golang:1.22", { platform = bk.platform("linux", "arm64"), resolve_digest = true })
local e = bk.image("busybox", { platform = bk.platform("linux/amd64") })
local empty = bk.scratch()
local src = bk.local_("context", {
  include = { "*.go", "go.mod" },
  exclude = { "vendor/", "*.test" },
  shared_key_hint = "go-sources",
})
local repo = bk.git("https://github.com/moby/buildkit.git", { ref = "v0.12.0", keep_git_dir = true })
local ssh = bk.git("git@github.com:moby/buildkit.git")
local file = bk.http("http://example.com/a.tar.gz", {
  checksum = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  filename = "a.tar.gz",
  chmod = 420,
  headers = { ["User-Agent"] = "luakit/0.1.0" },
})
local secure = bk.https("https://example.com/b")
local all = empty
for index, state in ipairs({ a, b, c, d, e, src, repo, ssh, file, secure }) do
  all = all:copy(state, "/", "/" .. index .. "/")
end
assert(type(a) == "userdata")
assert(tostring(bk.platform("linux", "arm", "v7")) == "linux/arm/v7")
bk.export(all)
