-- A script in several files. `require "lib.base"` is lib/base.lua next to this script; what a module returns is what
-- require gives. Modules are looked for here and in the build context, and nowhere else on the machine.
--
--   luakit build --solve --output out

local base = require("lib.base")
local users = require("lib.users")

local system = base.system()
local ready = users.add(system, { "ada", "grace" })

bk.export(ready:run("cat /etc/users.d/* > /users.txt"))
