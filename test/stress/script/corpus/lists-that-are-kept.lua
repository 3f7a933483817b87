-- ran for more than|uses more than
-- Short items of lists were no memory of the script's.
local t, items = {}, {}
for i = 1, 2000 do
  items[i] = "pattern" .. i
end
while true do
  t[#t + 1] = bk.local_("x", { include = items })
end
