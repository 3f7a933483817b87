local context = bk.local_("context", { include = { "app.txt" } })

local installed = bk.image("busybox:1")
  :run("head -c 8 /dev/urandom | md5sum > /tools.txt", { name = "install the tools" })

local compiled =
  installed:copy(context, "app.txt", "/"):run("cat /tools.txt /app.txt > /program.txt", { name = "compile" })

bk.export(bk.scratch():copy(compiled, "/program.txt", "/"))
