#syntax=ghcr.io/luakit-build/luakit:0.1.0
-- A page for every customer; the pictures come from a context of their own.
local customer = bk.arg("CUSTOMER", { default = "nobody", description = "whom the page greets" })
local pages = bk.local_("context", { include = { "pages" } })
local pictures = bk.local_("pictures", { include = { "*.svg" } })

if customer == "nobody" then
  bk.warn("nobody is greeted: give --build-arg CUSTOMER=name")
end

local site = bk.scratch():copy(pages, "pages", "/"):mkfile("/customer.txt", customer .. "\n")

bk.target("site", { default = true, description = "the pages alone" }, function()
  return site
end)

bk.target("image", { description = "a server with pages and pictures" }, function()
  -- "base" is no image: the command line says what it is.
  -- luakit: ignore=unpinned-image
  local image = bk.image("base"):copy(site, "/", "/www"):copy(pictures, "/", "/www/pictures")
  return image, { cmd = { "httpd", "-f", "-h", "/www" }, labels = { customer = customer } }
end)
