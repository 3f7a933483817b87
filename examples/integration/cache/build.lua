-- Dependencies, a program made with them, and an image that has only the program.
local context = bk.local_("context", { include = { "src" } })

local installed = bk.image("busybox:1"):run("head -c 8 /dev/urandom | md5sum > /dependency.txt", { name = "install" })

local compiled =
  installed:copy(context, "src", "/src"):run("cat /dependency.txt /src/* > /program.txt", { name = "compile" })

bk.export(bk.image("busybox:1"):copy(compiled, "/program.txt", "/"))
