-- luakit for CI: a shell, git, ssh, curl and certificates from the base image, and luakit.
--
--   npm run build linux/amd64 linux/arm64
--   luakit build --solve --platform linux/amd64,linux/arm64 -t NAME --push packaging/ci.lua
--
-- With --build-arg BUILDKIT=docker.io/moby/buildkit:v0.32.2 it has buildctl, too.

local base = bk.image(bk.arg("BASE", {
  default = "docker.io/library/buildpack-deps:bookworm-scm",
  description = "an image with glibc, a shell, git and certificates, for each platform",
}))

local buildkit = bk.arg("BUILDKIT", {
  default = "",
  description = "an image to take /usr/bin/buildctl from",
})

local platform = tostring(bk.target_platform())
local architecture = platform:match("^linux/(%w+)")
assert(architecture == "amd64" or architecture == "arm64", "luakit is not made for " .. platform)

local executable = "dist/linux-" .. architecture .. "/luakit"
local context = bk.local_("context", { include = { executable } })

-- Nothing runs here, so that the image of one platform can be made on another.
local root = base:files(function(files)
  files:copy(context, executable, "/usr/local/bin/luakit", { mode = "0755" })
  if buildkit ~= "" then
    files:copy(bk.image(buildkit), "/usr/bin/buildctl", "/usr/local/bin/buildctl", { mode = "0755" })
  end
end)

bk.export(root, { cmd = { "/bin/bash" } })
