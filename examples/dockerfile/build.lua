-- A Dockerfile as part of a larger build: its stages are States that steps and copies go on from, and its config is
-- where that of the image starts. Only a daemon can read Dockerfiles, so luakit talks to it itself.
--
--   luakit build --solve --output out build.lua

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })
local title = bk.arg("TITLE", { default = "luakit", description = "title of the page" })

local function stage(name)
  return bk.dockerfile({ target = name, build_args = { IMAGES = images, TITLE = title } })
end

-- The working directory and TITLE are those that the Dockerfile sets.
local site = stage("site"):run('echo "$TITLE in $PWD" > about.txt')

-- Stages that nothing connects are built at the same time.
bk.export(site:copy(stage("check"), "report.txt", "report.txt"), {
  cmd = { "httpd", "-f", "-p", "8080" },
  expose = { 8080 },
})
