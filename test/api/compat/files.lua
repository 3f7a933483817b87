-- File operations with every option that the Go luakit documented.
local base = bk.image("alpine:3.19")
local src = bk.local_("context")
local s = base
  :mkdir("/app")
  :mkdir("/app/data", { mode = "0755", make_parents = true, owner = { user = "app", group = "app" } })
  :mkdir("/app/logs", { mode = 493, owner = { user = 1000, group = 1000 } })
  :mkfile("/app/config.json", '{"key": "value"}')
  :mkfile("/app/start.sh", "#!/bin/sh\n", { mode = "755", owner = { user = "root", group = 1000 } })
  :mkfile("/app/secret", "", { mode = 384 })
  :copy(src, ".", "/app")
  :copy(src, "src/*.lua", "/app/", {
    mode = "0644",
    owner = { user = "app" },
    follow_symlink = true,
    create_dest_path = true,
    allow_wildcard = true,
    include = { "*.lua" },
    exclude = { "*_test.lua" },
  })
  :rm("/tmp/artifacts")
  :rm("/tmp/*.o", { allow_wildcard = true, allow_not_found = true })
  :symlink("/usr/bin/python3", "/usr/bin/python")
  :symlink("python3", "/usr/bin/py", {})
bk.export(s)
