-- Branches that do not need each other are built at the same time; bk.merge puts their files together without
-- copying them. A branch that has not changed comes from the cache, whatever happens to the others.
--
--   luakit build --solve --output out
--   luakit dag build.lua

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })

local tools = bk.image(images .. "/busybox:1")
local source = bk.local_("context", { include = { "assets" } })

-- One branch: a step that writes to a writable bind mount. What it left there is the branch's result.
local function branch(name, command)
  local step = tools:run(command, {
    name = "build " .. name,
    cwd = "/src/assets",
    env = { NAME = name },
    mounts = {
      bk.bind(source, "/src"),
      bk.bind(bk.scratch(), "/out", { readonly = false }),
    },
  })
  return step:mount("/out")
end

local branches = {}
for _, name in ipairs({ "app", "docs", "site" }) do
  branches[#branches + 1] = branch(name, "sort $NAME.txt > /out/$NAME.txt")
end
branches[#branches + 1] = branch("sums", "sha256sum *.txt > /out/SHA256SUMS")

bk.export(bk.merge(branches))
