-- A page, built in the cluster.
local context = bk.local_("context", { include = { "page.html" } })

bk.export(
  bk.image("busybox:1"):copy(context, "page.html", "/www/index.html"),
  { cmd = { "httpd", "-f", "-h", "/www" } }
)
