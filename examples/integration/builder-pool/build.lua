local target = tostring(bk.target_platform())

local files = bk.scratch():mkfile("/hello.txt", "Built for " .. target .. "\n")

bk.export(files, { labels = { ["com.example.built-for"] = target } })
