-- Platforms that are not built the same way, as one index.
local amd64 = bk.image("busybox:1"):mkfile("/platform.txt", "busybox\n")
local arm64 = bk.scratch():mkfile("/platform.txt", "nothing else\n")

bk.export({ ["linux/amd64"] = amd64, ["linux/arm64"] = arm64 })
