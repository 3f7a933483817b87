-- The calls of the Go luakit's standard library, as its documents show them.
local prelude = require("prelude")
local src = bk.local_("context")
local alpine, debian = prelude.from_alpine("3.18"), prelude.from_debian("bullseye-slim")
local ubuntu, fedora = prelude.from_ubuntu("22.04"), prelude.from_fedora()
local bases = { prelude.standard_base("alpine"), prelude.standard_base("fedora", "40") }

local go = prelude.go_build(prelude.go_base("1.22-alpine"), src, {
  cwd = "/app", main = "./cmd/server", output = "/out/server", ldflags = "-s -w", flags = "-trimpath",
})
local go_app = prelude.go_binary_app("1.22-alpine", src, {
  cwd = "/app", main = ".", output = "/out/server", final_path = "/app/server", runtime_version = "3.19",
  user = "app", uid = 1000, gid = 1000,
})
local node = prelude.node_build(prelude.node_base("20-alpine"), src, {
  cwd = "/app", deps_only = false, install_cmd = "npm run build",
})
local node_app = prelude.node_app("20-alpine", src, { cwd = "/app", user = "nodejs", runtime_version = "20-alpine" })
local python = prelude.python_build(prelude.python_base("3.11", "slim"), src, {
  cwd = "/workspace", requirements = "requirements.txt", install_cmd = "pip install -e .",
})
local python_app = prelude.python_app("3.11", src, { cwd = "/workspace", requirements = "requirements.txt", user = "appuser" })
local runtimes = { prelude.go_runtime("3.19"), prelude.node_runtime("20-alpine"), prelude.python_runtime("3.11-slim") }

local packages = {
  prelude.apk_package(alpine, { "git", "curl" }), prelude.apk_package(alpine, "git curl"),
  prelude.deb_package(debian, { "git", "curl" }), prelude.deb_package_state(debian, "git curl vim"),
  prelude.install_git(alpine), prelude.install_curl(alpine), prelude.install_ca_certs(alpine),
  prelude.install_system_deps(ubuntu, { "git" }, "ubuntu"), prelude.install_system_deps(alpine, "git"),
}
local app = alpine:run("mkdir -p /app")
local users = {
  prelude.with_workdir(alpine, "/app"), prelude.with_alpine_user(alpine, "appuser", 1000, 1000),
  prelude.with_user(debian, "appuser", 1000, 1000), prelude.chown_path(app, "/app", "appuser", "appuser"),
  prelude.as_non_root(app, "myapp", 2000),
}
local run = prelude.container(fedora, function(s) return s:run("echo building") end)
local runtime, built = prelude.multi_stage("golang:1.22", "alpine:3.19", function(builder)
  return builder:run("go build -o /out/app .")
end)
local copied = prelude.copy_all(built, runtime, "/out/app", "/app/app")
local layered = prelude.layered_copy(bk.scratch(), {}, { { from = run, from_path = "/a", to_path = "/a" } })

local all = { go, go_app, node, node_app, python, python_app, copied, layered }
for _, group in ipairs({ bases, runtimes, packages, users }) do
  for _, state in ipairs(group) do all[#all + 1] = state end
end
bk.export(bk.merge(prelude.parallel_build(all[1], all[2]), prelude.merge_multiple(all)))
