-- luakit as a BuildKit frontend: the executable and the libraries that it is linked with, nothing else.
--
--   npm run build linux/amd64 linux/arm64
--   luakit build --solve --platform linux/amd64,linux/arm64 -t NAME --push packaging/gateway.lua
--
-- Dockerfile.gateway makes the same image with the Dockerfile frontend.

local base = bk.image(bk.arg("BASE", {
  default = "docker.io/library/debian:bookworm-slim",
  description = "where the libraries come from: an image of Debian for each platform",
}))

local systems = {
  amd64 = { loader = "/lib64/ld-linux-x86-64.so.2", libraries = "/lib/x86_64-linux-gnu/" },
  arm64 = { loader = "/lib/ld-linux-aarch64.so.1", libraries = "/lib/aarch64-linux-gnu/" },
}

local platform = tostring(bk.target_platform())
local architecture = platform:match("^linux/(%w+)")
local system = assert(systems[architecture], "luakit is not made for " .. platform)

local libraries = {}
for _, name in ipairs({ "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0" }) do
  table.insert(libraries, system.libraries .. name)
end

local executable = "dist/linux-" .. architecture .. "/luakit"
local context = bk.local_("context", { include = { executable } })

-- Nothing runs here, so that the image of one platform can be made on another.
local root = bk.scratch():files(function(files)
  files:copy(base, system.loader, system.loader, { follow_symlink = true })
  files:copy(base, libraries, system.libraries, { follow_symlink = true })
  files:copy(context, executable, "/luakit", { mode = "0755" })
end)

bk.export(root, {
  entrypoint = { "/luakit" },
  user = "65532:65532",
  workdir = "/",
  env = { PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  labels = {
    ["moby.buildkit.frontend.network.none"] = "true",
    ["moby.buildkit.frontend.caps"] = table.concat({
      "moby.buildkit.frontend.inputs",
      "moby.buildkit.frontend.subrequests",
      "moby.buildkit.frontend.contexts",
      "moby.buildkit.frontend.gitquerystring",
    }, ","),
  },
})
