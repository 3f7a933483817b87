-- A page, and the image that serves it.
local context = bk.local_("context", { include = { "site" } })
local version = bk.arg("VERSION", { default = "dev", description = "version to show" })

local base = bk.image("busybox:1")
local site = bk.scratch():copy(context, "site", "/"):mkfile("/version.txt", version .. "\n")

bk.target("image", { default = true }, function()
  local image = base:copy(site, "/", "/www")
  return image, { cmd = { "httpd", "-f", "-p", "8080", "-h", "/www" }, expose = { 8080 }, user = "1000" }
end)

bk.target("files", {}, function()
  return site
end)

bk.target("signed", {}, function()
  local signed = base:run("cat /site/* /run/secrets/key | sha256sum > /out/signature.txt", {
    mounts = {
      bk.bind(site, "/site"),
      bk.bind(bk.scratch(), "/out", { readonly = false }),
      bk.secret("/run/secrets/key"),
    },
  })
  return signed:mount("/out")
end)
