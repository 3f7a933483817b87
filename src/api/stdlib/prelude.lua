-- Common build patterns on the public API: local prelude = require "prelude"
local M = {}

---@class GoBuildOptions
---@field cwd? string Where the sources go. Default: `"/app"`.
---@field main? string The package to build. Default: `"."`.
---@field output? string Where the program goes, from `cwd` on. Default: `"/out/app"`.
---@field flags? string|string[] Further flags of `go build`.
---@field ldflags? string What the linker gets. Default: `"-s -w"`.

---@class GoAppOptions: GoBuildOptions
---@field final_path? string Where the program is in the result. Default: `"/app/app"`.
---@field runtime_version? string The tag of Alpine.
---@field user? string Adds this user and gives it `/app`.
---@field uid? integer The user's id.
---@field gid? integer The id of the user's group.

---@class NodeBuildOptions
---@field cwd? string Where the sources go. Default: `"/app"`.
---@field deps_only? boolean Leave out what only development needs.
---@field install_cmd? string A shell command that runs after the sources are there. Of an app only what it builds is kept.

---@class NodeAppOptions: NodeBuildOptions
---@field runtime_version? string The tag of the image of Node.js.
---@field user? string Adds this user and gives it `/app`.
---@field uid? integer The user's id.
---@field gid? integer The id of the user's group.

---@class PythonBuildOptions
---@field cwd? string Where the sources go. Default: `"/workspace"`.
---@field requirements? boolean|string|string[] Files to install from; `true` is `requirements.txt`.
---@field install_cmd? string A shell command that runs after the sources are there.

---@class PythonAppOptions: PythonBuildOptions
---@field runtime_version? string The tag of the image of Python.
---@field user? string Adds this user and gives it `/app`.
---@field uid? integer The user's id.
---@field gid? integer The id of the user's group.

---@class LayeredCopy
---@field from State|string A State, or a name in `sources`.
---@field from_path string
---@field to_path string

local alpine, node, golang = "3.22", "22-alpine", "1.25-alpine"

-- One word of a shell command, whatever it holds.
local function quote(word)
  word = tostring(word)
  if word:match("^[%w@%%+=:,./_-]+$") then return word end
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

-- What errors call a value: `table`, `State`.
local function kind(value)
  return type(value) == "userdata" and getmetatable(value) or type(value)
end

-- How many letters must be put, left out, replaced or swapped to make one word of another.
local function distance(from, to)
  local before, previous = {}, {}
  for column = 0, #to do previous[column] = column end
  for row = 1, #from do
    local current = { [0] = row }
    for column = 1, #to do
      local here, there = from:byte(row), to:byte(column)
      local best = math.min(previous[column - 1] + (here == there and 0 or 1), previous[column] + 1, current[column - 1] + 1)
      local swapped = row > 1 and column > 1 and from:byte(row - 1) == there and here == to:byte(column - 1)
      current[column] = swapped and math.min(best, before[column - 2] + 1) or best
    end
    before, previous = previous, current
  end
  return previous[#to]
end

local function did_you_mean(word, known)
  local nearest, smallest = nil, math.max(1, #word // 3) + 1
  for name in pairs(known) do
    -- The word may be as long as scripts make it.
    local apart = math.abs(#name - #word) <= smallest and distance(word:lower(), name) or math.huge
    if apart < smallest or apart == smallest and nearest and name < nearest then nearest, smallest = name, apart end
  end
  return nearest and (' (did you mean "%s"?)'):format(nearest) or ""
end

-- Refuses a list with anything but text in it; `level` is who is told.
local function check_list(what, list, level)
  local count = 0
  for _ in next, list do count = count + 1 end
  for index = 1, count do
    if list[index] == nil then error(what .. ": expected list of string, got one with a hole at " .. index, level) end
    if type(list[index]) ~= "string" then
      error(("%s: item %d: expected string, got %s"):format(what, index, kind(list[index])), level)
    end
  end
end

local function describe(expected)
  return (expected:gsub("table", "list of string"):gsub("userdata", "State"))
end

-- Refuses options that a function does not have, and values that they cannot have, for its caller. A value that is false
-- counts as left out.
local function check(name, opts, known)
  if opts == nil then return {} end
  name = "prelude." .. name .. ": "
  if type(opts) ~= "table" then error(name .. "expected options table, got " .. kind(opts), 3) end
  for key in next, opts do
    if type(key) ~= "string" then error(name .. "expected options by name, got one at " .. tostring(key), 3) end
    if not known[key] then error(('%sunknown option "%s"%s'):format(name, key, did_you_mean(key, known)), 3) end
  end
  for key, expected in pairs(known) do
    local value = opts[key]
    local option = ('%soption "%s"'):format(name, key)
    if value and not expected:find(type(value), 1, true) then
      error(("%s: expected %s, got %s"):format(option, describe(expected), kind(value)), 3)
    end
    if type(value) == "table" then check_list(option, value, 4) end
  end
  return opts
end

-- The options of a function: its own and those of another one.
local function more(known, own)
  for key, expected in pairs(known) do own[key] = expected end
  return own
end

local app_options = {
  runtime_version = "string or number",
  user = "string",
  uid = "number or string",
  gid = "number or string",
}
local go_options = { cwd = "string", main = "string", output = "string", flags = "string or table", ldflags = "string" }
local go_app_options = more(go_options, more(app_options, { final_path = "string" }))
local node_options = { cwd = "string", deps_only = "boolean", install_cmd = "string" }
local node_app_options = more(node_options, more(app_options, {}))
local python_options = { cwd = "string", requirements = "boolean, string or table", install_cmd = "string" }
local python_app_options = more(python_options, more(app_options, {}))

-- {"git", "curl"} of a list or of "git curl"; `level` is who is told when it is neither.
local function words(list, level)
  local found = list
  if type(list) == "string" then
    found = {}
    for word in list:gmatch("%S+") do found[#found + 1] = word end
  end
  if type(found) ~= "table" then error("packages: expected string or list of string, got " .. kind(list), level) end
  check_list("packages", found, level + 1)
  if #found == 0 then error("packages: none is named", level) end
  return found
end

local function quote_all(list)
  local found = {}
  for index, word in ipairs(list) do found[index] = quote(word) end
  return table.concat(found, " ")
end

local function quoted(list)
  return quote_all(words(list, 4))
end

local function sh(state, script, options)
  return state:run({ "/bin/sh", "-c", script }, options)
end

local function apt(packages)
  return "apt-get update && apt-get install -y --no-install-recommends " .. packages .. " && rm -rf /var/lib/apt/lists/*"
end

-- Installs with the package manager that the image has.
local function install(state, packages)
  local names = quoted(packages)
  return sh(state, "if command -v apk >/dev/null; then apk add --no-cache " .. names
    .. "; elif command -v dnf >/dev/null; then dnf install -y " .. names .. " && dnf clean all"
    .. "; else " .. apt(names) .. "; fi", { env = { DEBIAN_FRONTEND = "noninteractive" } })
end

local function check_user(name, uid, gid, level)
  if not tostring(name):match("^[%a_][%w_.-]*$") then error("not a user name: " .. tostring(name), level) end
  if uid and not math.tointeger(uid) then error("uid: expected integer", level) end
  if gid and not math.tointeger(gid) then error("gid: expected integer", level) end
end

-- adduser and useradd differ between images and refuse ids that node and ubuntu images use already: the two files are
-- the same everywhere.
local function add_user(state, name, uid, gid, shell)
  check_user(name, uid, gid, 3)
  local user, group = math.tointeger(uid or 1000), gid and math.tointeger(gid)
  local taken = (uid or gid) and ("grep -q '^%s:[^:]*:%s:%s:' /etc/passwd || { echo 'user %s exists with other ids' >&2; exit 1; }")
    :format(name, uid and user or "[^:]*", group or "[^:]*", name) or ":"
  return sh(state, table.concat({
    "set -e",
    -- Who names no group gets the one of that name, whatever its id is.
    group and "gid=" .. group or ("gid=$(grep -m1 '^%s:' /etc/group | cut -d: -f3)\ngid=${gid:-%d}"):format(name, user),
    ("grep -q '^%s:' /etc/group || echo \"%s:x:$gid:\" >> /etc/group"):format(name, name),
    ("if grep -q '^%s:' /etc/passwd; then %s; else"):format(name, taken),
    ("echo \"%s:x:%d:$gid::/home/%s:%s\" >> /etc/passwd"):format(name, user, name, shell),
    ("mkdir -p /home/%s"):format(name),
    ("chown %d:$gid /home/%s"):format(user, name),
    "fi",
  }, "\n"), { user = "0", name = "add user " .. name })
end

-- The options of an app, whose user can be one.
local function check_app(opts)
  if opts.user then check_user(opts.user, opts.uid, opts.gid, 4) end
  return opts
end

-- Adds the user of an app, who gets `/app`.
local function own_app(state, opts, add)
  if not opts.user then return state end
  return M.chown_path(add(state, opts.user, opts.uid, opts.gid), "/app", opts.user, opts.gid)
end

---Alpine.
---@param version? string The tag. Default: `"3.22"`.
---@return State
function M.from_alpine(version) return bk.image("alpine:" .. (version or alpine)) end

---Ubuntu.
---@param version? string The tag. Default: `"24.04"`.
---@return State
function M.from_ubuntu(version) return bk.image("ubuntu:" .. (version or "24.04")) end

---Debian.
---@param version? string The tag. Default: `"trixie-slim"`.
---@return State
function M.from_debian(version) return bk.image("debian:" .. (version or "trixie-slim")) end

---Fedora.
---@param version? string The tag. Default: `"42"`.
---@return State
function M.from_fedora(version) return bk.image("fedora:" .. (version or "42")) end

---The image of a distribution, by its name.
---@param distro "alpine"|"ubuntu"|"debian"|"fedora"
---@param version? string The tag.
---@return State
function M.standard_base(distro, version)
  local from = { alpine = M.from_alpine, ubuntu = M.from_ubuntu, debian = M.from_debian, fedora = M.from_fedora }
  if not from[distro] then error("Unknown distro: " .. tostring(distro), 2) end
  return from[distro](version)
end

---golang on Alpine, with git, certificates and a C compiler.
---@param version? string The tag. Default: `"1.25-alpine"`.
---@return State
function M.go_base(version)
  return bk.image("golang:" .. (version or golang))
    :run({ "apk", "add", "--no-cache", "git", "ca-certificates", "build-base" })
end

local function go_build(builder, src, opts)
  local cwd = opts.cwd or "/app"
  local modules = bk.cache("/go/pkg/mod", { sharing = "shared", id = "gomod" })
  local flags = type(opts.flags) == "table" and quote_all(opts.flags) or opts.flags
  local command = "go build -ldflags=" .. quote(opts.ldflags or "-s -w") .. (flags and flags ~= "" and " " .. flags or "")
    .. " -o " .. quote(opts.output or "/out/app") .. " " .. quote(opts.main or ".")
  return builder
    :copy(src, "/", cwd, { include = { "go.*" } })
    :run({ "go", "mod", "download" }, { cwd = cwd, mounts = { modules } })
    :copy(src, "/", cwd)
    :run(command, {
      cwd = cwd,
      env = { CGO_ENABLED = "0", GOOS = "linux" },
      mounts = { modules, bk.cache("/root/.cache/go-build", { sharing = "shared", id = "gobuild" }) },
    })
end

---`builder` after `go build`, with caches for modules and packages.
---@param builder State
---@param src State The sources.
---@param opts? GoBuildOptions
---@return State
function M.go_build(builder, src, opts)
  return go_build(builder, src, check("go_build", opts, go_options))
end

---Alpine with certificates and time zones.
---@param version? string The tag. Default: `"3.22"`.
---@return State
function M.go_runtime(version)
  return M.from_alpine(version):run({ "apk", "add", "--no-cache", "ca-certificates", "tzdata" })
end

---Alpine with the program that `go build` makes.
---@param builder_image? string The tag of golang. Default: `"1.25-alpine"`.
---@param src State The sources.
---@param opts? GoAppOptions
---@return State
function M.go_binary_app(builder_image, src, opts)
  opts = check_app(check("go_binary_app", opts, go_app_options))
  local built = go_build(M.go_base(builder_image), src, opts)
  local output, final_path = opts.output or "/out/app", opts.final_path or "/app/app"
  if output:sub(1, 1) ~= "/" then output = (opts.cwd or "/app") .. "/" .. output end
  local final = M.go_runtime(opts.runtime_version):copy(built, output, final_path, { mode = "0755" })
  -- The user's directory is there also when the program is elsewhere.
  if opts.user and not (final_path .. "/"):find("^/*app/") then final = final:mkdir("/app", { make_parents = true }) end
  return own_app(final, opts, M.with_alpine_user)
end

---Node.js.
---@param version? string The tag. Default: `"22-alpine"`.
---@return State
function M.node_base(version) return bk.image("node:" .. (version or node)) end

---Node.js.
M.node_runtime = M.node_base

local function node_build(builder, src, opts)
  local cwd = opts.cwd or "/app"
  local command = opts.deps_only and { "npm", "ci", "--omit=dev" } or { "npm", "ci" }
  local installed = builder
    :copy(src, "/", cwd, { include = { "package*.json", "npm-shrinkwrap.json", ".npmrc" } })
    :run(command, { cwd = cwd, mounts = { bk.cache("/root/.npm", { sharing = "locked" }) } })
    :copy(src, "/", cwd, { exclude = { "node_modules" } })
  return opts.install_cmd and sh(installed, opts.install_cmd, { cwd = cwd }) or installed
end

---`builder` after `npm ci`, with a cache.
---@param builder State
---@param src State The sources.
---@param opts? NodeBuildOptions
---@return State
function M.node_build(builder, src, opts)
  return node_build(builder, src, check("node_build", opts, node_options))
end

-- What a build step makes, and what runs it: sources that were built from are left behind.
local built_files = {
  "node_modules", "dist", "build", "public", ".next", ".output", "*.js", "*.cjs", "*.mjs", "package.json",
}

---Node.js with the program in `/app`.
---@param builder_image? string The tag of node. Default: `"22-alpine"`.
---@param src State The sources.
---@param opts? NodeAppOptions
---@return State
function M.node_app(builder_image, src, opts)
  opts = check_app(check("node_app", opts, node_app_options))
  local built = node_build(M.node_base(builder_image), src, opts)
  -- Without a build step the sources are what runs.
  local include = opts.install_cmd and built_files or nil
  local final = M.node_runtime(opts.runtime_version):copy(built, opts.cwd or "/app", "/app", { include = include })
  return own_app(final, opts, M.with_alpine_user)
end

---Python with compilers, git and curl.
---@param version? string The version. Default: `"3.13"`.
---@param variant? string The rest of the tag. Default: `"slim"`.
---@return State
function M.python_base(version, variant)
  variant = variant or "slim"
  local base = bk.image("python:" .. (version or "3.13") .. "-" .. variant)
  local packages = variant:find("alpine", 1, true) and "build-base gcc g++ git curl wget"
    or "build-essential gcc g++ git curl wget"
  return install(base, packages):with_env({ PYTHONUNBUFFERED = "1" })
end

local function python_build(builder, src, opts)
  local cwd = opts.cwd or "/workspace"
  local options = { cwd = cwd, mounts = { bk.cache("/root/.cache/pip", { sharing = "shared", id = "pipcache" }) } }
  local state = builder:run({ "pip", "install", "--upgrade", "pip" }, options)
  local files = opts.requirements
  if files then
    if type(files) ~= "table" then files = { type(files) == "string" and files or "requirements.txt" } end
    local command = { "pip", "install" }
    for _, file in ipairs(files) do
      state = state:copy(src, file, cwd .. "/" .. file)
      command[#command + 1] = "-r"
      command[#command + 1] = file
    end
    state = state:run(command, options)
  end
  state = state:copy(src, "/", cwd)
  return opts.install_cmd and sh(state, opts.install_cmd, options) or state
end

---`builder` after `pip install`, with a cache.
---@param builder State
---@param src State The sources.
---@param opts? PythonBuildOptions
---@return State
function M.python_build(builder, src, opts)
  return python_build(builder, src, check("python_build", opts, python_options))
end

---Python with certificates.
---@param version? string The tag. Default: `"3.13-slim"`.
---@return State
function M.python_runtime(version)
  return install(bk.image("python:" .. (version or "3.13-slim")), "ca-certificates")
end

---Python with the program in `/app`.
---@param builder_image? string The version of Python. Default: `"3.13"`.
---@param src State The sources.
---@param opts? PythonAppOptions
---@return State
function M.python_app(builder_image, src, opts)
  opts = check_app(check("python_app", opts, python_app_options))
  local built = python_build(M.python_base(builder_image, "slim"), src, opts)
  -- Packages and their commands are outside of the working directory.
  local final = M.python_runtime(opts.runtime_version or builder_image and builder_image .. "-slim")
    :copy(built, "/usr/local", "/usr/local")
    :copy(built, opts.cwd or "/workspace", "/app")
  return own_app(final, opts, M.with_user)
end

---`build_fn(base)`.
---@generic T
---@param base State
---@param build_fn fun(base: State): T
---@return T
function M.container(base, build_fn) return build_fn(base) end

---The runtime image, and what the function makes of the builder image.
---@generic T
---@param builder_image string
---@param runtime_image string
---@param build_fn fun(builder: State): T
---@return State
---@return T
function M.multi_stage(builder_image, runtime_image, build_fn)
  local built = build_fn(bk.image(builder_image))
  return bk.image(runtime_image), built
end

---Copies a path of one State to another.
---@param from_state State
---@param to_state State
---@param from_path string
---@param to_path string
---@return State
function M.copy_all(from_state, to_state, from_path, to_path)
  return to_state:copy(from_state, from_path, to_path)
end

---Makes a directory, which becomes the working directory.
---@param state State
---@param path string
---@return State
function M.with_workdir(state, path)
  return state:mkdir(path, { make_parents = true }):with_dir(path)
end

---Adds a user with a home and a shell.
---@param state State
---@param username string
---@param uid? integer Default: 1000.
---@param gid? integer Default: that of the group of this name, else the uid.
---@return State
function M.with_user(state, username, uid, gid)
  return add_user(state, username, uid, gid, "/bin/sh")
end

---Adds a user that cannot log in.
---@param state State
---@param username string
---@param uid? integer Default: 1000.
---@param gid? integer Default: that of the group of this name, else the uid.
---@return State
function M.with_alpine_user(state, username, uid, gid)
  return add_user(state, username, uid, gid, "/sbin/nologin")
end

---Adds a user that owns `/app`.
---@param state State
---@param username? string Default: `"appuser"`.
---@param uid? integer Default: 1000.
---@return State
function M.as_non_root(state, username, uid)
  username = username or "appuser"
  local owned = M.with_user(state, username, uid):mkdir("/app", { make_parents = true })
  return M.chown_path(owned, "/app", username)
end

---Gives a path, and all below it, to a user.
---@param state State
---@param path string
---@param user string|integer
---@param group? string|integer Default: that of the user's name.
---@return State
function M.chown_path(state, path, user, group)
  return state:run({ "chown", "-R", tostring(user) .. ":" .. tostring(group or user), path }, { user = "0" })
end

---Installs with apt.
---@param base State
---@param packages string|string[] A list, or `"git curl"`.
---@return State
function M.deb_package(base, packages)
  return sh(base, apt(quoted(packages)), { env = { DEBIAN_FRONTEND = "noninteractive" } })
end

---The same as `deb_package`.
M.deb_package_state = M.deb_package

---Installs with apk.
---@param base State
---@param packages string|string[] A list, or `"git curl"`.
---@return State
function M.apk_package(base, packages)
  return base:run({ "apk", "add", "--no-cache", table.unpack(words(packages, 3)) })
end

---Installs git, with the package manager that the image has.
---@param base State
---@return State
function M.install_git(base) return install(base, "git") end

---Installs curl, with the package manager that the image has.
---@param base State
---@return State
function M.install_curl(base) return install(base, "curl") end

---Installs certificates, with the package manager that the image has.
---@param base State
---@return State
function M.install_ca_certs(base) return install(base, "ca-certificates") end

---Installs with the package manager of a distribution.
---@param base State
---@param packages string|string[] A list, or `"git curl"`.
---@param distro? "alpine"|"debian"|"ubuntu"|"fedora" Default: `"alpine"`.
---@return State
function M.install_system_deps(base, packages, distro)
  distro = distro or "alpine"
  if distro == "alpine" then return M.apk_package(base, packages) end
  if distro == "debian" or distro == "ubuntu" then return M.deb_package(base, packages) end
  if distro == "fedora" then return install(base, packages) end
  error("Unsupported distro: " .. tostring(distro), 2)
end

---`bk.merge`.
---@param ... State|State[]
---@return State
function M.parallel_build(...) return bk.merge(...) end

---`bk.merge` of a list.
---@param states State[]
---@return State
function M.merge_multiple(states) return bk.merge(states) end

local mapping_options = { from = "userdata or string", from_path = "string", to_path = "string" }

---Copies several times.
---@param target State
---@param sources table<string, State>
---@param mappings LayeredCopy[]
---@return State
function M.layered_copy(target, sources, mappings)
  for _, mapping in ipairs(mappings) do
    check("layered_copy", mapping, mapping_options)
    local from = mapping.from
    if type(from) == "string" then
      from = sources[from] or error(('prelude.layered_copy: no source is named "%s"'):format(from), 2)
    end
    target = target:copy(from, mapping.from_path, mapping.to_path)
  end
  return target
end

return M
