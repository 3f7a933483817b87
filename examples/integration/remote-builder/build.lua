bk.export(bk.image("busybox"):run("echo 'Built far away' > /hello.txt"))
