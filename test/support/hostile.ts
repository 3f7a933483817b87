import { optionCases } from "../api/options.ts";

/** Values that no option expects, and some that nearly are right, as Lua expressions. */
const values = `
  local cycle, deep = {}, {}
  cycle.self = cycle
  for _ = 1, 1000 do deep = {deep} end
  local values = {
    true, false, 0, -1, 1, 1.5, 644, 1 / 0, -1 / 0, 0 / 0, 2 ^ 53, 2 ^ 31, 2 ^ 32, math.maxinteger, math.mininteger,
    "", " ", "a", "\\0", "a\\0b", "\\xff\\xfe", "\\u{D800}", "a\\nb", "\\27[31m", ("x"):rep(70000), "/", "//", ".", "..", "../..", "/..",
    "a:b:c", ":", "=", "a=b", "%", "%s", "*", "**", "[", "[a-", "\\\\", "!", "-1", "1e9", "0x10", "0..99999999", "9..1", "1,2",
    "__proto__", "constructor", "toString", "hasOwnProperty", "sha256:zz", "sha256:" .. ("a"):rep(64), "linux/amd64", "windows/amd64",
    "docker.io/library/x@sha256:" .. ("0"):rep(64), "http://user:password@x/y#z", "git@x:y", "ssh://", "u+x", "u+", "0999", "07777", "30s", "64MB",
    "2024-02-30T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "1.2.3.4", "::1", "app:app", "4294967295", "4294967296",
    {}, {1}, {"a"}, {"a", "b"}, {{}}, {a = 1}, {a = "b"}, {["__proto__"] = "x"}, {constructor = "x", toString = "y"}, {[""] = ""},
    {[1.5] = "x"}, {[true] = 1}, {[{}] = 1}, {"a", nil, "c"}, {a = {b = {c = 1}}}, {"a", x = "b"}, {[2] = "a"}, {[2 ^ 53] = "a"},
    {"\\0"}, {a = "\\0"}, {["\\0"] = "a"}, {["a=b"] = "c"}, {["\\xff"] = "a"}, {a = "\\xff"}, {a = 0 / 0}, {"linux/arm64"}, {cycle}, cycle, deep,
    setmetatable({}, {__index = function() return "x" end}), setmetatable({}, {__pairs = function() error("pairs") end}),
    setmetatable({}, {__len = function() return 1e9 end}), setmetatable({}, {__tostring = function() error("tostring") end}),
    setmetatable({}, {__name = "State"}), print, error, function() end, function() error("callback") end, function() error({}) end,
    function() return 1 end, function() return bk.scratch() end, coroutine.create(print), bk.scratch(), bk.image("a"),
    bk.image("a"):run("x"), bk.platform("linux/arm64"), bk.cache("/c"), bk.secret("/s"), bk.tmpfs("/t"),
    bk.bind(bk.scratch(), "/b", {readonly = false}), json.null, io, os, bk, _G, string, {bk.cache("/c"), bk.cache("/c")}, {bk.scratch()},
  }`;

const calls = [
  ...["image", "local_", "git", "http", "https", "oci_layout", "blob", "cache", "secret", "ssh", "tmpfs", "bind"],
  ...["merge", "diff", "arg", "platform", "target", "log", "warn"],
].map((name) => `bk.${name}`);

const frontends = ["bk.dockerfile", "bk.frontend"];

const methods = [
  ...["run", "copy", "mkdir", "mkfile", "rm", "symlink", "files", "mount", "with_env", "with_dir", "with_user"],
  ...["with_shell", "with_hostname", "with_network", "with_security", "with_hosts", "with_metadata", "for_platform"],
];

/** A script that gives every option every hostile value; `keep` what was accepted. */
export function everyOption(): string {
  const tries = Object.values(optionCases).flatMap(({ call, options }) =>
    Object.keys(options)
      .filter(isKnownEarly)
      .map((option) => {
        // What another frontend makes is not there without a daemon.
        const taker = /bk\.(dockerfile|frontend)\(/.test(call) ? "drop(" : "keep(";
        const body = call.replaceAll("bk.export(", taker).replace("OPTIONS", `{${option} = value}`);
        return `try(function(value) ${body} end)`;
      }),
  );
  return script(tries);
}

/** Whether a wrong value is refused by its call: what a relative `dest` means is known only with the image's config. */
function isKnownEarly(option: string): boolean {
  return option !== "dest";
}

/** As everyOption, with the values as arguments: of each place alone, and of all at once. */
export function everyArgument(): string {
  const functions = [
    ...calls,
    ...methods.map((name) => `method("${name}")`),
    "json.encode",
    "json.decode",
    "require",
    "os.getenv",
  ];
  const places = [
    "value",
    "value, value",
    '"a", value',
    '"a", value, value',
    '"a", "b", value',
    "bk.image('a'), value",
    "bk.image('a'), 'a', value",
    "bk.image('a'), 'a', 'b', value",
    "1, 2, 3, 4, 5, value",
  ];
  return script(
    [...functions, ...frontends].flatMap((name) => {
      const taker = frontends.includes(name) ? "drop" : "keep";
      return places.map((place) => `try(function(value) ${taker}((${name})(${place})) end)`);
    }),
  );
}

function script(tries: readonly string[]): string {
  return `${values}
  local kept, tried, errors = {}, 0, 0
  local function keep(value) if type(value) == "userdata" then kept[#kept + 1] = value end end
  local function drop() end
  local function method(name) return function(...) local state = bk.image("a"):with_dir("/d/d/d") return state[name](state, ...) end end
  local function try(f)
    for _, value in ipairs(values) do
      tried = tried + 1
      local ok, reason = pcall(f, value)
      if not ok then
        errors = errors + 1
        assert(type(reason) ~= "string" or #reason < 1e6, "a long error")
      end
    end
  end
  ${tries.join("\n  ")}
  local result = bk.scratch():mkfile("/end", "")
  for _, state in ipairs(kept) do
    local ok, merged = pcall(bk.merge, result, state)
    if ok then result = merged end
  end
  print("tried " .. tried .. ", refused " .. errors .. ", kept " .. #kept)
  bk.export(result)`;
}
