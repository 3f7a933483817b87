import { expect, test } from "bun:test";
import { buildFails, buildTree, unique } from "../support/build.ts";
import { testbed } from "../support/testbed.ts";

const { busybox } = testbed().images;

/** The prelude with images of busybox, whose `go`, `npm` and `apk` only do what is looked at; `mark` makes steps run. */
const fakes = (mark: string) => `local p = require "prelude"
local src = bk.scratch():mkfile("/go.mod", ""):mkfile("/package.json", "{}"):mkfile("/server.js", "serve")
  :mkdir("/src"):mkfile("/src/main.ts", "source")
local fake = bk.image("${busybox}"):mkfile("/mark", "${mark}"):mkdir("/usr/local/bin", {make_parents = true})
  :mkfile("/bin/npm", "#!/bin/sh\\n", {mode = "0755"})
  :mkfile("/bin/go", [[#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = -o ] && { mkdir -p "$(dirname "$2")"; echo built > "$2"; }; shift; done
exit 0
]], {mode = "0755"})
p.go_base, p.go_runtime, p.node_base, p.node_runtime = (function() return fake end), (function() return fake end),
  (function() return fake end), (function() return fake end)
`;

test("a Go app whose program is not in /app gives its user an /app", async () => {
  const tree = await buildTree(`${fakes(unique())}
bk.export(p.go_binary_app(nil, src, {user = "svc", uid = 1234, final_path = "/usr/local/bin/app"}))`);
  expect(tree.text("usr/local/bin/app")).toBe("built\n");
  expect(tree.entry("app")).toMatchObject({ owner: "1234:1234" });
});

test.each([
  ["bin/app", "/app"],
  ["./bin/app", "/work/dir"],
  ["/out/elsewhere", "/app"],
])("a Go app's output may be %s below %s", async (output, cwd) => {
  const tree = await buildTree(`${fakes(unique())}
bk.export(p.go_binary_app(nil, src, {output = "${output}", cwd = "${cwd}", user = "svc"}))`);
  expect(tree.text("app/app")).toBe("built\n");
  expect(tree.entry("app/app")).toMatchObject({ owner: "1000:1000", mode: "0755" });
});

test("a Node app with a build step keeps what runs and what was built", async () => {
  const make =
    "mkdir -p .next public dist node_modules && for d in .next public dist node_modules; do echo x > $d/file; done";
  const tree = await buildTree(`${fakes(unique())}
bk.export(p.node_app(nil, src, {install_cmd = "${make}"}))`);
  for (const path of [".next/file", "public/file", "dist/file", "node_modules/file", "server.js", "package.json"]) {
    expect([path, tree.has(`app/${path}`)]).toEqual([path, true]);
  }
  expect(tree.has("app/src/main.ts")).toBe(false);
});

const groups = `${"root:x:0:\nstaff:x:50:\n"}`;
const users = "root:x:0:0:root:/root:/bin/sh\\ngames:x:5:60::/usr/games:/sbin/nologin\\n";
const base = (mark: string) => `${fakes(mark)}
local s = fake:mkfile("/etc/group", ${JSON.stringify(groups)}):mkfile("/etc/passwd", "${users}")
`;

test("a user without a gid is in the group of its name, or in a new one", async () => {
  const tree = await buildTree(`${base(unique())}
bk.export(p.with_user(p.with_user(p.with_user(s, "staff", 777), "app", 1001), "exact", 1002, 50))`);
  expect(tree.text("etc/passwd")).toEndWith(
    "staff:x:777:50::/home/staff:/bin/sh\napp:x:1001:1001::/home/app:/bin/sh\nexact:x:1002:50::/home/exact:/bin/sh\n",
  );
  expect(tree.text("etc/group")).toBe(`${groups}app:x:1001:\nexact:x:50:\n`);
  expect(tree.entry("home/staff")).toMatchObject({ owner: "777:50" });
});

test.each(["5", "5, 60", "nil, 60"])("a user that exists with the ids %s is taken as it is", async (ids) => {
  const tree = await buildTree(`${base(unique())}bk.export(p.with_user(s, "games", ${ids}))`);
  expect(tree.text("etc/passwd")).toEndWith("games:x:5:60::/usr/games:/sbin/nologin\n");
});

test.each(["6", "5, 61", "nil, 61"])("a user that exists is refused with the ids %s", async (ids) => {
  expect(await buildFails(`${base(unique())}bk.export(p.with_user(s, "games", ${ids}))`)).toContain(
    "user games exists with other ids",
  );
});
