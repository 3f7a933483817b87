-- Three ways to lend a step what must not be in the image.
local base = bk.image("busybox:1"):mkdir("/app")

-- A file. Its id is the last part of the path, unless `id` says otherwise.
local fetched = base:run("wc -c < /run/secrets/token > /app/token-size.txt", {
  mounts = { bk.secret("/run/secrets/token") },
})

-- A variable of the step: name to id.
local signed = fetched:run('echo "$SIGNING_KEY" | sha256sum | cut -c -8 > /app/signed-by.txt', {
  secrets_env = { SIGNING_KEY = "signing-key" },
})

-- The ssh agent, at the socket that SSH_AUTH_SOCK names; it may be missing.
local cloned = signed:run('test -S "$SSH_AUTH_SOCK" && echo agent > /app/how.txt || echo none > /app/how.txt', {
  mounts = { bk.ssh({ optional = true }) },
})

bk.export(cloned, { workdir = "/app" })
