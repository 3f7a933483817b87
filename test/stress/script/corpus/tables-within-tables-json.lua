-- ran for more than|uses more than
-- The same table twice at each of 60 levels: reading it never ended, and no clock was looked at.
local t = {}
for i = 1, 60 do
  t = { t, t }
end
json.encode(t)
