-- A web page, with the version that it was built as beside it.
--
--   luakit build --build-arg VERSION=1.0 --tag site:1.0 --load

local version = bk.arg("VERSION", "dev")
local context = bk.local_("context", { include = { "site" } })

local site = bk.image("busybox:1"):copy(context, "site", "/www"):mkfile("/www/version.txt", version .. "\n")

bk.export(site, { cmd = { "httpd", "-f", "-h", "/www" } })
