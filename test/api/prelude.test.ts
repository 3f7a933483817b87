import { expect, test } from "bun:test";
import { standardLibrary } from "../../src/api/prelude.ts";
import type { Op } from "../../src/llb/op.ts";
import { errorOf, evaluate, opsOf } from "./evaluate.ts";

const names =
  "from_alpine from_ubuntu from_debian from_fedora go_base go_build go_runtime go_binary_app node_base node_build " +
  "node_runtime node_app python_base python_build python_runtime python_app container multi_stage copy_all " +
  "with_workdir with_user with_alpine_user chown_path deb_package deb_package_state apk_package install_git " +
  "install_curl install_ca_certs install_system_deps standard_base parallel_build merge_multiple layered_copy as_non_root";

/** Each op in a line: `image alpine:3.22`, `run apk add git`, `copy / to /app`. */
function shape(body: string): readonly string[] {
  const script = `local p, src, base = require "prelude", bk.local_("context"), bk.image("debian")\nbk.export(${body})`;
  return opsOf(script).map(describeOp);
}

function describeOp(op: Op): string {
  if (op.type === "source") return op.identifier.replace("docker-image://docker.io/library/", "image ");
  if (op.type === "exec") return `run ${op.args.join(" ")}${op.state.dir === undefined ? "" : ` in ${op.state.dir}`}`;
  if (op.type !== "file") return op.type;
  const lines = op.actions.map((action) => {
    if (action.type === "copy") return `copy ${action.source} to ${action.dest} ${action.include.join(",")}`.trim();
    return `${action.type} ${action.path}`;
  });
  return lines.join("; ");
}

test("has every function of the old one", () => {
  const script = `local p = require "prelude"\nfor _, name in ipairs({${names
    .split(" ")
    .map((name) => `"${name}"`)
    .join(", ")}}) do assert(type(p[name]) == "function", name) end\nbk.export(bk.scratch())`;
  expect(evaluate(script).targets).toHaveLength(1);
  expect([...standardLibrary.keys()]).toEqual(["prelude"]);
});

test.each([
  ["p.from_alpine()", "image alpine:3.22"],
  ['p.from_alpine("3.18")', "image alpine:3.18"],
  ["p.from_ubuntu()", "image ubuntu:24.04"],
  ["p.from_debian()", "image debian:trixie-slim"],
  ["p.from_fedora()", "image fedora:42"],
  ['p.standard_base("debian", "bookworm")', "image debian:bookworm"],
  ["p.node_base()", "image node:22-alpine"],
  ['p.node_runtime("20-alpine")', "image node:20-alpine"],
])("%s is %s", (body, image) => {
  expect(shape(body)).toEqual([image]);
});

test("a Go build loads modules before it copies the sources", () => {
  expect(shape('p.go_build(bk.image("golang"), src, {main = "./cmd/app", output = "/out/it", flags = "-v"})')).toEqual([
    "image golang:latest",
    "local://context",
    "copy / to /app go.*",
    "run go mod download in /app",
    "copy / to /app",
    "run /bin/sh -c go build -ldflags='-s -w' -v -o /out/it ./cmd/app in /app",
  ]);
});

test("a Go app is the binary on a small image", () => {
  const ops = shape('p.go_binary_app("1.24-alpine", src, {user = "app", uid = 1001})');
  expect(ops[0]).toBe("image alpine:3.22");
  expect(ops).toContain("image golang:1.24-alpine");
  expect(ops).toContain("copy /out/app to /app/app");
  expect(ops.at(-1)).toBe("run chown -R app:app /app");
});

test("a Go app finds its program where the build puts it, and its user has /app", () => {
  expect(shape('p.go_binary_app(nil, src, {output = "bin/app"})')).toContain("copy /app/bin/app to /app/app");
  expect(shape('p.go_binary_app(nil, src, {output = "bin/app", cwd = "/src"})')).toContain(
    "copy /src/bin/app to /app/app",
  );
  const elsewhere = shape('p.go_binary_app(nil, src, {user = "svc", final_path = "/usr/local/bin/app"})');
  expect(elsewhere.filter((line) => line.includes(" /app"))).toContain("mkdir /app");
  expect(elsewhere.at(-1)).toBe("run chown -R svc:svc /app");
  for (const path of ["/app/bin/x", "/app", "app/x"]) {
    expect(shape(`p.go_binary_app(nil, src, {user = "svc", final_path = "${path}"})`)).not.toContain("mkdir /app");
  }
});

test("a Node build installs before it copies the sources", () => {
  expect(shape('p.node_build(p.node_base(), src, {deps_only = true, install_cmd = "npm run build"})')).toEqual([
    "image node:22-alpine",
    "local://context",
    "copy / to /app package*.json,npm-shrinkwrap.json,.npmrc",
    "run npm ci --omit=dev in /app",
    "copy / to /app",
    "run /bin/sh -c npm run build in /app",
  ]);
});

test("a Node app takes what was built, or else the sources", () => {
  expect(shape('p.node_app(nil, src, {install_cmd = "npm run build"})')).toContain(
    "copy /app to /app node_modules,dist,build,public,.next,.output,*.js,*.cjs,*.mjs,package.json",
  );
  expect(shape("p.node_app(nil, src)")).toContain("copy /app to /app");
});

test("a Python app has its packages", () => {
  const ops = shape('p.python_app("3.12", src, {requirements = true, user = "app"})');
  expect(ops).toContain("image python:3.12-slim");
  expect(ops).toContain("run pip install -r requirements.txt in /workspace");
  expect(ops).toContain("copy /usr/local to /usr/local");
  expect(ops).toContain("copy /workspace to /app");
});

test("packages are installed one by one", () => {
  expect(shape('p.apk_package(base, {"git", "curl"})').at(-1)).toBe("run apk add --no-cache git curl");
  expect(shape('p.apk_package(base, "git curl")').at(-1)).toBe("run apk add --no-cache git curl");
  expect(shape('p.deb_package(base, {"git", "g++"})').at(-1)).toContain("--no-install-recommends git g++ && rm -rf");
  expect(shape('p.install_system_deps(base, "git", "ubuntu")').at(-1)).toContain("apt-get install");
});

test.each(["install_git", "install_curl", "install_ca_certs"])("%s asks which package manager there is", (name) => {
  const last = shape(`p.${name}(base)`).at(-1);
  expect(last).toContain("apk add --no-cache");
  expect(last).toContain("dnf install -y");
  expect(last).toContain("apt-get install -y");
});

test("users are made without the tools that differ between images", () => {
  const last = shape('p.with_user(base, "app", 1001, 1002)').at(-1);
  expect(last).toContain("gid=1002\n");
  expect(last).toContain('echo "app:x:1001:$gid::/home/app:/bin/sh" >> /etc/passwd');
  expect(last).toContain("chown 1001:$gid /home/app");
  expect(shape('p.with_alpine_user(base, "app")').at(-1)).toContain("app:x:1000:$gid::/home/app:/sbin/nologin");
  expect(shape('p.as_non_root(base, "me")').at(-1)).toBe("run chown -R me:me /app");
});

test("the small ones", () => {
  expect(shape('p.container(base, function(s) return s:run({"make"}) end)').at(-1)).toBe("run make");
  expect(shape('(select(2, p.multi_stage("golang", "alpine", function(b) return b:run({"make"}) end)))')).toEqual([
    "image golang:latest",
    "run make",
  ]);
  expect(shape('p.copy_all(src, base, "/a", "/b")').at(-1)).toBe("copy /a to /b");
  expect(shape('p.with_workdir(base, "/w"):run({"pwd"})').slice(-2)).toEqual(["mkdir /w", "run pwd in /w"]);
  expect(shape('p.chown_path(base, "/w", "app", 7)').at(-1)).toBe("run chown -R app:7 /w");
  expect(shape('p.parallel_build(base:run({"a"}), base:run({"b"}))').at(-1)).toBe("merge");
  expect(shape('p.merge_multiple({base:run({"a"}), base:run({"b"})})').at(-1)).toBe("merge");
  expect(
    shape(
      'p.layered_copy(bk.scratch(), {a = src}, {{from = base, from_path = "/1", to_path = "/2"}, {from = "a", from_path = "/3", to_path = "/4"}})',
    ).slice(-2),
  ).toContain("copy /3 to /4");
});

test.each([
  ['apk_package(bk.image("x"), {})', "packages: none is named"],
  ['deb_package(bk.image("x"), " ")', "packages: none is named"],
  ['apk_package(bk.image("x"))', "packages: expected string or list of string, got nil"],
  ['apk_package(bk.image("x"), bk.scratch())', "packages: expected string or list of string, got State"],
  ['apk_package(bk.image("x"), {"git", 1})', "packages: item 2: expected string, got number"],
  ['deb_package(bk.image("x"), {"git", {}})', "packages: item 2: expected string, got table"],
  ['install_system_deps(bk.image("x"), {function() end}, "debian")', "packages: item 1: expected string, got function"],
  ['install_system_deps(bk.image("x"), {true}, "fedora")', "packages: item 1: expected string, got boolean"],
  ['deb_package(bk.image("x"), {"git", nil, "curl"})', "packages: expected list of string, got one with a hole at 2"],
  ['go_build(bk.image("x"), src, {mian = "."})', 'prelude.go_build: unknown option "mian" (did you mean "main"?)'],
  ['go_build(bk.image("x"), src, {user = "a"})', 'prelude.go_build: unknown option "user"'],
  ['go_binary_app(nil, src, {lflags = ""})', 'prelude.go_binary_app: unknown option "lflags" (did you mean "flags"?)'],
  ['node_build(bk.image("x"), src, {wcd = "/"})', 'prelude.node_build: unknown option "wcd" (did you mean "cwd"?)'],
  ['node_app("22", src, {usr = "app"})', 'prelude.node_app: unknown option "usr" (did you mean "user"?)'],
  ['python_build(bk.image("x"), src, {nonsense = 1})', 'prelude.python_build: unknown option "nonsense"'],
  [
    'python_app("3.13", src, {instal_cmd = "x"})',
    'prelude.python_app: unknown option "instal_cmd" (did you mean "install_cmd"?)',
  ],
  ['node_app("22", src, {"app"})', "prelude.node_app: expected options by name, got one at 1"],
  ['node_app("22", src, "app")', "prelude.node_app: expected options table, got string"],
  ['node_app("22", src, {cwd = 7})', 'prelude.node_app: option "cwd": expected string, got number'],
  ['node_app("22", src, {user = "a b"})', "not a user name: a b"],
  ['go_binary_app(nil, src, {user = "a", gid = "b"})', "gid: expected integer"],
  [
    'go_build(bk.image("x"), src, {flags = {"-v", 1}})',
    'prelude.go_build: option "flags": item 2: expected string, got number',
  ],
  [
    'python_build(bk.image("x"), src, {requirements = 7})',
    'prelude.python_build: option "requirements": expected boolean, string or list of string, got number',
  ],
  [
    'layered_copy(bk.scratch(), {}, {{form = "a"}})',
    'prelude.layered_copy: unknown option "form" (did you mean "from"?)',
  ],
  [
    'layered_copy(bk.scratch(), {}, {{from = "a", from_path = "/", to_path = "/"}})',
    'prelude.layered_copy: no source is named "a"',
  ],
  [
    "layered_copy(bk.scratch(), {}, {{from = 7}})",
    'prelude.layered_copy: option "from": expected State or string, got number',
  ],
  ['with_user(bk.image("x"), "a b")', "not a user name: a b"],
  ['with_user(bk.image("x"), "a", "b")', "uid: expected integer"],
  ['standard_base("beos")', "Unknown distro: beos"],
  ['install_system_deps(bk.image("x"), "git", "beos")', "Unsupported distro: beos"],
])("a mistake in %s is the script's", (call, message) => {
  const error = errorOf(`local p, src = require "prelude", bk.local_("context")\nlocal state = p.${call}`);
  expect(error.message).toBe(message);
  expect(error.position).toMatchObject({ file: "build.lua", line: 2 });
});

test("values that bring nothing are left out, and versions may be numbers", () => {
  expect(shape("p.node_app(nil, src, {user = false, install_cmd = false, runtime_version = 22})")).toContain(
    "image node:22",
  );
  expect(shape("p.go_build(base, src, {flags = {}})").at(-1)).toBe(
    "run /bin/sh -c go build -ldflags='-s -w' -o /out/app . in /app",
  );
});
