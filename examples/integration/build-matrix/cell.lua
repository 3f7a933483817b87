local release = bk.arg("RELEASE", { required = true, values = { "1.36", "1.37", "1.38" } })
local debug = bk.arg("DEBUG", { default = false, type = "boolean" })

local built = bk.image("busybox:1"):run("echo " .. release .. " > /release.txt")
if debug then
  built = built:run("echo symbols > /symbols.txt")
end

bk.export(bk.scratch():copy(built, "/*.txt", "/"))
