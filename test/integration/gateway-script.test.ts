import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { gatewayFails, gatewayTree } from "../support/gateway-tree.ts";
import { nameOfDaemon } from "../support/role.ts";

setDefaultTimeout(300_000);

const says = (text: string) => `bk.export(bk.scratch():mkfile("/said", "${text}"))`;
const saidBy = async (options: Parameters<typeof gatewayTree>[0]) => (await gatewayTree(options)).tree.text("said");

describe.concurrent("the script", () => {
  test("comes from the directory for build files before the context", async () => {
    const locals = { dockerfile: { "build.lua": says("dockerfile") }, context: { "build.lua": says("context") } };
    expect(await saidBy({ locals })).toBe("dockerfile");
  });

  test("comes from the context when the client sends no directory for build files", async () => {
    expect(await saidBy({ locals: { context: { "build.lua": says("context") } } })).toBe("context");
  });

  test("comes from a directory with its own name when the client sends no other", async () => {
    expect(await saidBy({ locals: { "build.lua": { "build.lua": says("its own") } } })).toBe("its own");
  });

  test("is the file that the client names, in a subfolder too", async () => {
    const locals = { dockerfile: { "build.lua": says("default"), "ci/release.lua": says("named") } };
    expect(await saidBy({ locals, opts: { filename: "ci/release.lua" } })).toBe("named");
    expect(await saidBy({ locals, opts: { filename: "./ci/release.lua" } })).toBe("named");
  });

  test("may be called dockerfile when the client names it Dockerfile", async () => {
    const locals = { dockerfile: { dockerfile: says("lower case") } };
    expect(await saidBy({ locals, opts: { filename: "Dockerfile" } })).toBe("lower case");
  });

  test("comes from the directory that dockerfilekey names", async () => {
    const locals = { dockerfile: { "build.lua": says("dockerfile") }, other: { "build.lua": says("other") } };
    expect(await saidBy({ locals, opts: { dockerfilekey: "other" } })).toBe("other");
  });

  test("may be a Dockerfile, wherever it is, and no other Dockerfile is built for it", async () => {
    const dockerfile = (name: string) => `FROM scratch\nCOPY ${name} /said\n`;
    const both = { "build.lua": dockerfile("right"), Dockerfile: dockerfile("wrong"), right: "right", wrong: "wrong" };
    expect(await saidBy({ locals: { dockerfile: both, context: both } })).toBe("right");
    expect(await saidBy({ locals: { context: both } })).toBe("right");
    expect(await saidBy({ locals: { "build.lua": both, context: { right: "right" } } })).toBe("right");
    const opts = { filename: "Dockerfile" };
    expect(await saidBy({ locals: { context: both }, opts })).toBe("wrong");
  });

  test("that is not there is told with all that was looked at", async () => {
    const nowhere = await gatewayFails({});
    expect(nowhere).toContain(
      'there is no script "build.lua"; looked at:\n' +
        '  the local directory "dockerfile", which the client does not send\n' +
        '  the local directory "context", which the client does not send\n' +
        '  the local directory "build.lua", which the client does not send\n' +
        "hint: name another: docker build -f PATH (buildctl: --opt filename=PATH)\n",
    );
    const elsewhere = await gatewayFails({
      locals: { dockerfile: {}, context: { "x/y.lua": says("context") } },
      opts: { filename: "x/y.lua" },
    });
    expect(elsewhere).toContain(
      'there is no script "x/y.lua"; looked at:\n  x/y.lua in the local directory "dockerfile"\nhint:',
    );
  });

  test("that is a directory is no script", async () => {
    const stderr = await gatewayFails({ locals: { dockerfile: { "build.lua/x": "" } } });
    expect(stderr).toContain('there is no script "build.lua"; looked at:');
  });

  test("that is not UTF-8 is refused", async () => {
    const locals = { dockerfile: { "build.lua": new Uint8Array([0x2d, 0x2d, 0xff, 0x0a]) } };
    expect(await gatewayFails({ locals })).toContain('"build.lua" is not UTF-8 text');
  });

  test("has its path in errors", async () => {
    const locals = { dockerfile: { "ci/build.lua": "local x = 1\nbk.image()\n" } };
    const stderr = await gatewayFails({ locals, opts: { filename: "ci/build.lua" } });
    expect(stderr).toContain("ci/build.lua:2");
    // An old engine keeps the places of a frontend's errors to itself.
    if (nameOfDaemon() !== "docker") expect(stderr).toMatch(/2 \| >>> bk\.image\(\)/);
  });

  test("may be behind a link within its directory, but not outside", async () => {
    const locals = { dockerfile: { "build.lua": { link: "real/script.lua" }, "real/script.lua": says("linked") } };
    expect(await saidBy({ locals })).toBe("linked");
    const outside = { dockerfile: { "build.lua": { link: "/etc/hostname" } } };
    expect(await gatewayFails({ locals: outside })).toContain('there is no script "build.lua"');
  });
});
