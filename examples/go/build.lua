-- A Go program in two stages: an image with the compiler builds it, the result has nothing but the program.
--
--   luakit build --solve --output out
--   out/usr/bin/hello
--
-- The same with buildctl, as an image with its config, which a Definition cannot carry:
--
--   luakit build build.lua | buildctl build --local context=. \
--     --output "type=image,name=hello:1,$(luakit config --output-attr build.lua)"

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })
local version = bk.arg("VERSION", { default = "dev", description = "what the program says its version is" })

-- Directories of the daemon, kept between builds and never part of a result.
local caches = {
  bk.cache("/go/pkg/mod"),
  bk.cache("/root/.cache/go-build"),
}

local source = bk.local_("context", { exclude = { "build.lua", "out" } })

local builder = bk.image(images .. "/golang:1"):with_dir("/src"):with_env({ CGO_ENABLED = "0" })

-- The modules come first: this step runs again only when go.mod or go.sum has changed.
local modules = builder
  :copy(source, { "go.mod", "go.sum*" }, "/src/", { allow_empty_wildcard = true })
  :run("go mod download", { mounts = caches, name = "download modules" })

local built = modules:copy(source, "/", "/src"):run(
  { "go", "build", "-ldflags", "-s -w -X main.version=" .. version, "-o", "/out/hello", "." },
  { mounts = caches, name = "compile" }
)

local runtime = bk.scratch():copy(built, "/out/hello", "/usr/bin/hello", { mode = "0755" })

bk.export(runtime, {
  entrypoint = { "/usr/bin/hello" },
  cmd = { "world" },
  user = "65532:65532",
  labels = {
    ["org.opencontainers.image.title"] = "hello",
    ["org.opencontainers.image.version"] = version,
  },
})
