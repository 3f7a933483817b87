-- The smallest build: one step on a base image, and one file out of it.
--
--   luakit build --solve --output out
--   cat out/greeting.txt

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })

local base = bk.image(images .. "/busybox:1")
local greeted = base:run("echo Hello from $(uname -m) > /greeting.txt")

bk.export(bk.scratch():copy(greeted, "/greeting.txt", "/"))
