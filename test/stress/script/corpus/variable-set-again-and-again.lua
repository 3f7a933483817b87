-- ran for more than|^$
-- Little to write, but each step looked at all that was ever set.
local s = bk.image("a")
for i = 1, 40000 do
  s = s:with_env({ A = "x" .. i }):run("x")
end
bk.export(s)
