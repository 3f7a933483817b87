bk.export(bk.image("busybox:1"):run("echo 'Built far away' > /hello.txt"))
