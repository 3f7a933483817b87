-- ran for more than|uses more than
local t = {}
for i = 1, 60 do
  t = { a = t, b = t }
end
bk.log(t)
