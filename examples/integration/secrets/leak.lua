-- What a secret must not become: a file of the result.
bk.export(bk.image("busybox:1"):run("cp /run/secrets/token /token.txt", {
  mounts = { bk.secret("/run/secrets/token") },
}))
