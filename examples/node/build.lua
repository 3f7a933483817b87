-- A Node.js service: dependencies are installed before the sources are copied, npm keeps its cache between builds,
-- and the result runs as the user `node`.
--
--   luakit build --solve --tag service:1 --load
--   docker run --rm -p 8080:8080 service:1

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })

local source = bk.local_("context", { exclude = { "build.lua", "**/node_modules" } })
local base = bk.image(images .. "/node:lts-slim"):with_dir("/app")

-- npm runs as `node` too, so its cache belongs to that user (uid 1000).
local npm = {
  user = "node",
  env = { NPM_CONFIG_UPDATE_NOTIFIER = "false", NPM_CONFIG_FUND = "false", NPM_CONFIG_AUDIT = "false" },
  mounts = { bk.cache("/home/node/.npm", { uid = 1000, gid = 1000 }) },
}

-- Only what npm reads. A change of src/ leaves these steps as they are.
local manifests = base
  :mkdir("/app", { owner = "node" })
  :copy(source, { "package.json", "package-lock.json" }, "/app/", { owner = "node" })
  :copy(source, "packages", "/app/packages", { owner = "node" })

local installed = manifests:run("npm ci --omit=dev", npm)

local app = installed
  :copy(source, "src", "/app/src", { owner = "node" })
  :run({ "node", "--check", "src/server.js" }, { user = "node" })

bk.export(app, {
  cmd = { "node", "src/server.js" },
  user = "node",
  workdir = "/app",
  env = { NODE_ENV = "production", PORT = "8080" },
  expose = { "8080/tcp" },
})
