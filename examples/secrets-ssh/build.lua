-- Secrets and the SSH agent are lent to a step while it runs. They are in no file of the result, in no cache key and
-- not in the Definition.
--
--   echo s3cr3t > token.txt && export API_KEY=k3y
--   luakit build --secret id=token,src=token.txt --secret id=api-key,env=API_KEY \
--     --ssh default --output type=local,dest=out

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })

local base = bk.image(images .. "/busybox:1"):mkdir("/out")

-- As a file; its id is the last part of the path unless `id` says otherwise.
local with_file = base:run("wc -c < /run/secrets/token > /out/token-size", {
  mounts = { bk.secret("/run/secrets/token") },
})

-- As an environment variable: name to id.
local with_variable = with_file:run('test -n "$API_KEY" && echo yes > /out/api-key', {
  secrets_env = { API_KEY = "api-key" },
})

-- The agent of `--ssh default`, at the socket that SSH_AUTH_SOCK names. `git clone git@...` works in such a step when
-- the image has git and ssh; bk.git("git@...") needs neither.
local with_agent = with_variable:run('test -S "$SSH_AUTH_SOCK" && echo yes > /out/ssh-agent', {
  mounts = { bk.ssh() },
})

-- What is optional may be missing.
local result = with_agent:run("test -e /run/secrets/extra && echo yes > /out/extra || echo no > /out/extra", {
  mounts = { bk.secret("/run/secrets/extra", { optional = true }) },
})

bk.export(bk.scratch():copy(result, "/out", "/"))
