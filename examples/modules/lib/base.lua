-- What all builds of this project start from.

local M = {}

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })

--- The system that every image of this project stands on.
function M.system()
  return bk.image(images .. "/busybox:1"):with_env({ LANG = "C.UTF-8" })
end

return M
