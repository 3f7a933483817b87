-- above 16 MiB|ran for more than
-- JavaScript has no such long texts, which was told as a bug of luakit.
bk.expand("${A//a/" .. ("b"):rep(100000) .. "}", { A = ("a"):rep(1000000) })
