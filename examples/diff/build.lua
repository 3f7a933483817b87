-- The difference of a step, put on another base. Only what the step has changed goes over; the base that it ran on
-- stays behind. Files that the step has removed are removed there too.
--
--   luakit build --solve --output out

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })

-- Installs on a full system...
local debian = bk.image(images .. "/debian:bookworm")
local installed = debian:run([[
  mkdir -p /opt/tool/bin
  printf '#!/bin/sh\necho "tool runs on $(uname -s)"\n' > /opt/tool/bin/tool
  chmod 0755 /opt/tool/bin/tool
  echo /opt/tool > /etc/tool.conf
]])

-- ...and carries the change alone to a small one.
local change = bk.diff(debian, installed)
local small = bk.merge(bk.image(images .. "/busybox:1"), change)

bk.export(small:run("/opt/tool/bin/tool > /result.txt"), {
  env = { PATH = "/opt/tool/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  cmd = { "tool" },
})
