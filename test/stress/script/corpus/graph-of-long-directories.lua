-- Definition is above|ran for more than
-- Written, this took gigabytes, and minutes after the script's time was up.
local s = bk.image("a")
for i = 1, 20000 do
  s = s:with_dir("dddddddddddd"):run("x")
end
bk.export(s)
