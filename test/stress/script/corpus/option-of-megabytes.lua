-- unknown option|ran for more than
-- "Did you mean" compared it letter by letter with every option.
local s = bk.image("a")
s:run("x", { [("x"):rep(5000000)] = 1 })
