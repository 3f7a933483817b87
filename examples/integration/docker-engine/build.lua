#syntax=ghcr.io/luakit-build/luakit:0.1.0
-- An image that greets.
local name = bk.arg("NAME", { default = "world", description = "whom to greet" })
local context = bk.local_("context", { include = { "hello.sh" } })

local app = bk.image("busybox:1"):copy(context, "hello.sh", "/usr/local/bin/hello", { mode = "0755" })

bk.export(app, { entrypoint = { "hello" }, env = { NAME = name }, user = "1000" })
