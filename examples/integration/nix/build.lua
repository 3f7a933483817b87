-- A program of Nix, with all store paths that it needs and nothing else.
--
--   nix run . -- --tag hello:1 --load

local program = bk.arg("PROGRAM", { required = true, description = "path of the program in the store" })
local closure = bk.arg("CLOSURE", { required = true, description = "store paths, one a line" })

local names = {}
for name in closure:gmatch("/nix/store/([^%s/]+)") do
  table.insert(names, name)
end

local store = bk.local_("store", { include = names })

bk.export(bk.scratch():copy(store, "/", "/nix/store"), { entrypoint = { program } })
