-- ran for more than
-- Twenty of these calls were made before anybody looked at a clock.
while true do
  json.decode("[" .. ("[1],"):rep(10000) .. "1]")
end
