-- Definition is above|ran for more than
-- The same with environments.
local s = bk.image("a")
for i = 1, 10000 do
  s = s:with_env({ ["V" .. i] = "value" }):run("x")
end
bk.export(s)
