import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type GatewayTreeOptions, gatewayFails, gatewayTree } from "../support/gateway-tree.ts";
import { nameOfDaemon } from "../support/role.ts";

setDefaultTimeout(300_000);

const returns = (text: string) => `return "${text}"`;
const shows = (...names: string[]) =>
  `bk.export(bk.scratch():mkfile("/said", table.concat({${names.map((name) => `require("${name}")`).join(", ")}}, " ")))`;
const saidBy = async (options: GatewayTreeOptions) => (await gatewayTree(options)).tree.text("said");
const transfers = (stderr: string) => new Set(stderr.match(/^#\d+ \[internal\] load modules/gm) ?? []).size;

describe.concurrent("modules", () => {
  test("are beside the script, in the context, and in luakit_modules of each, in this order", async () => {
    const locals = {
      dockerfile: {
        "ci/build.lua": shows("a", "b", "c", "d"),
        "ci/a.lua": returns("beside"),
        "ci/luakit_modules/c.lua": returns("own"),
        "a.lua": returns("above"),
      },
      context: {
        "a.lua": returns("context"),
        "b/init.lua": returns("context"),
        "luakit_modules/b.lua": returns("context modules"),
        "luakit_modules/c.lua": returns("context modules"),
        "luakit_modules/d.lua": returns("context modules"),
      },
    };
    expect(await saidBy({ locals, opts: { filename: "ci/build.lua" } })).toBe("beside context own context modules");
  });

  test("of all depths come in one transfer of each directory, and only when the script has any", async () => {
    const modules = { "a.lua": 'return require("deep.b")', "deep/b.lua": 'return require("deep/c")' };
    const files = { "build.lua": shows("a", "z"), ...modules, "deep/c.lua": returns("c"), "z.lua": returns("z") };
    const both = await gatewayTree({ locals: { dockerfile: files, context: files } });
    expect(both.tree.text("said")).toBe("c z");
    expect(transfers(both.stderr)).toBe(2);
    expect(transfers((await gatewayTree({ locals: { context: files } })).stderr)).toBe(1);
    const plain = { "build.lua": 'bk.export(bk.scratch():mkfile("/said", ""))', ...modules };
    expect(transfers((await gatewayTree({ locals: { context: plain } })).stderr)).toBe(0);
  });

  test("may have names that the script makes as it runs", async () => {
    const script = `
      local said = {}
      for _, name in ipairs({"one", "two"}) do said[#said + 1] = require("parts." .. name) end
      bk.log("ran once")
      bk.export(bk.scratch():mkfile("/said", table.concat(said, " ")))`;
    const files = { "parts/one.lua": returns("1"), "parts/two.lua": 'return "2" .. require("parts." .. "three")' };
    const locals = { context: { "build.lua": script, ...files, "parts/three.lua": returns("3") } };
    expect(await saidBy({ locals })).toBe("1 23");
  });

  test("are asked for in vain with pcall, and the script goes on", async () => {
    const script = 'local ok = pcall(require, "no" .. "where")\nbk.export(bk.scratch():mkfile("/said", tostring(ok)))';
    expect(await saidBy({ locals: { context: { "build.lua": script } } })).toBe("false");
  });

  test("of the standard library are there, and give way to those of the build", async () => {
    const script = 'bk.export(bk.scratch():mkfile("/said", type(require("prelude"))))';
    expect(await saidBy({ locals: { context: { "build.lua": script } } })).toBe("table");
    const locals = { context: { "build.lua": script, "luakit_modules/prelude.lua": returns("own") } };
    expect(await saidBy({ locals })).toBe("string");
  });

  test("that are nowhere are told with every place", async () => {
    const locals = { dockerfile: { "ci/build.lua": "\nrequire('lib.none')" }, context: {} };
    const stderr = await gatewayFails({ locals, opts: { filename: "ci/build.lua" } });
    expect(stderr).toContain(
      'module "lib.none" was not found; looked at:\n  ci/lib/none.lua\n  ci/lib/none/init.lua\n' +
        "  lib/none.lua in the context\n  lib/none/init.lua in the context\n" +
        "  ci/luakit_modules/lib/none.lua\n  ci/luakit_modules/lib/none/init.lua\n" +
        "  luakit_modules/lib/none.lua in the context\n  luakit_modules/lib/none/init.lua in the context\n" +
        "  the standard library: prelude\n",
    );
    expect(stderr).toContain("ci/build.lua:2");
  });

  test("show their own lines in errors", async () => {
    const script = 'require("lib.bad")';
    const bad = "local x = 1\nreturn bk.image(x)\n";
    const stderr = await gatewayFails({ locals: { context: { "build.lua": script, "lib/bad.lua": bad } } });
    expect(stderr).toContain("lib/bad.lua:2");
    // An old engine keeps the places of a frontend's errors to itself.
    if (nameOfDaemon() !== "docker") expect(stderr).toMatch(/2 \| >>> return bk\.image\(x\)/);
    const syntax = { "build.lua": script, "lib/bad.lua": "local x = 1\nreturn +\n" };
    expect(await gatewayFails({ locals: { context: syntax } })).toContain("lib/bad.lua:");
  });

  test("are found behind links within their directory and nowhere else", async () => {
    const locals = {
      context: {
        "build.lua": shows("file", "dir.inner"),
        "file.lua": { link: "real/file.lua" },
        dir: { link: "real" },
        "real/file.lua": returns("file"),
        "real/inner.lua": returns("inner"),
      },
    };
    expect(await saidBy({ locals })).toBe("file inner");
    const outside = { "build.lua": shows("x"), "x.lua": { link: "/etc/hostname" } };
    expect(await gatewayFails({ locals: { context: outside } })).toContain('module "x" was not found');
    const up = { "build.lua": shows("../x") };
    expect(await gatewayFails({ locals: { context: up } })).toContain('"../x" is no module\'s name');
  });

  test("have a largest size", async () => {
    const large = `return "${"x".repeat(17 << 20)}"`;
    const locals = { context: { "build.lua": 'require("large")', "large.lua": large } };
    expect(await gatewayFails({ locals })).toContain('"large.lua" is larger than 16 MiB');
  });
});
