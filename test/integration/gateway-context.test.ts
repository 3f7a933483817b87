import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { file, formatTar } from "../../scripts/testbed/tar.ts";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { type GatewayTreeOptions, gatewayFails, gatewayTree } from "../support/gateway-tree.ts";
import { type GitRepository, serveRepository } from "../support/git-repository.ts";
import { withSession } from "../support/other-session.ts";
import { daemonUnderTest, nameOfDaemon, unlessNewest } from "../support/role.ts";
import { solvedTree } from "../support/solved-tree.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

/** Its BuildKit is older than directories of git repositories, than sessions of one directory, and than copies by pattern. */
const isOldEngine = nameOfDaemon() === "docker";
const { busybox } = testbed().images;

/** Shows what `bk.local_("context", …)` is. */
const shows = (options = "") => `bk.export(bk.scratch():copy(bk.local_("context"${options}), "/", "/c"))`;
/** Shows what SOURCE_DATE_EPOCH is to a script. */
const saysEpoch = 'bk.export(bk.scratch():mkfile("/epoch", bk.arg("SOURCE_DATE_EPOCH", "none")))';
const filesOf = ({ paths, entry }: { paths: readonly string[]; entry: (path: string) => { type: string } }) =>
  paths.filter((path) => path.startsWith("c/") && entry(path).type !== "directory").map((path) => path.slice(2));
const contextOf = async (options: GatewayTreeOptions) => filesOf((await gatewayTree(options)).tree);

/** Builds with SOURCE_DATE_EPOCH=context. Daemons before v0.30 refuse it, or know no times. */
async function expectEpoch(given: Readonly<Record<string, string>>, time: number) {
  const opts = { ...given, "build-arg:SOURCE_DATE_EPOCH": "context" };
  const built = await gatewayTree({ opts }).catch(unlessNewest);
  if (built === undefined) {
    expect(await gatewayFails({ opts })).toMatch(/does not tell the time of this context|invalid SOURCE_DATE_EPOCH/);
    return;
  }
  expect(built.tree.text("epoch")).toBe(String(time));
  expect(built.tree.entry("epoch").mtime).toBe(time);
}

describe.concurrent("the client's context", () => {
  const files = { a: "a", "b.skip": "b", "sub/c": "c", ".dockerignore": "*.skip\n.dockerignore\nbuild.lua\n" };

  test("is without what its ignore file names, unless the script says otherwise", async () => {
    const all = [".dockerignore", "a", "b.skip", "build.lua", "sub/c"];
    expect(await contextOf({ locals: { context: { ...files, "build.lua": shows() } } })).toEqual(["a", "sub/c"]);
    const without = shows(", {ignore_file = false}");
    expect(await contextOf({ locals: { context: { ...files, "build.lua": without } } })).toEqual(all);
  });

  test("is without what the ignore file beside the script names, and then that alone counts", async () => {
    const dockerfile = { "ci/x.lua": shows(), "ci/x.lua.dockerignore": "a\n" };
    const locals = { dockerfile, context: { ...files, "x.lua.dockerignore": "*" } };
    const opts = { filename: "ci/x.lua" };
    expect(await contextOf({ locals, opts })).toEqual([".dockerignore", "b.skip", "sub/c", "x.lua.dockerignore"]);
  });

  test("may be missing for scripts that do not use it, and is asked for by a call without its name", async () => {
    const script = { "build.lua": 'bk.export(bk.scratch():mkfile("/x", ""))' };
    const { tree } = await gatewayTree({ locals: { dockerfile: script } });
    expect(tree.paths).toEqual(["x"]);
    const hidden = { "build.lua": 'bk.export(bk.scratch():copy(bk["local" .. "_"]("context"), "/", "/c"))' };
    expect(await contextOf({ locals: { dockerfile: hidden, context: files } })).toEqual(["a", "sub/c"]);
  });

  test("has no time", async () => {
    const locals = { context: { "build.lua": saysEpoch } };
    const opts = { "build-arg:SOURCE_DATE_EPOCH": "context" };
    const built = await gatewayTree({ locals, opts }).catch(unlessNewest);
    if (built !== undefined) expect(built.tree.text("epoch")).toBe("none");
    else expect(await gatewayFails({ locals, opts })).toContain("invalid SOURCE_DATE_EPOCH");
  });

  test("keeps its own options", async () => {
    const script = shows(', {include = {"a", "sub", "b.skip"}, exclude = {"sub/c"}}');
    expect(await contextOf({ locals: { context: { ...files, "build.lua": script } } })).toEqual(["a"]);
  });
});

test.skipIf(isOldEngine)("each directory comes from the session that the client says has it", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, { "script/build.lua": shows(), "files/theirs": "theirs" });
    const directories = [
      { name: "dockerfile", path: join(directory, "script") },
      { name: "context", path: join(directory, "files") },
    ];
    await withSession(daemonUnderTest(), directories, async (id) => {
      const locals = { dockerfile: { "build.lua": "error('ours')" }, context: { ours: "" } };
      const opts = { "local-sessionid:dockerfile": id, "local-sessionid:context": id };
      expect(await contextOf({ locals, opts })).toEqual(["theirs"]);
    });
  }),
);

describe.concurrent("a git context", () => {
  let directory = "";
  let repository: GitRepository | undefined;
  const url = () => repository?.url ?? "";
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "luakit-git-"));
    const files = {
      "build.lua": `local name = require("lib.name")\n${shows()}`,
      "lib/name.lua": 'return "name"',
      ".dockerignore": "a\n",
      a: "main",
      "sub/build.lua": shows(),
      "sub/b": "b",
      "part.lua": shows(', {include = {"sub"}, exclude = {"sub/b"}}'),
      "Dockerfile.x": `FROM scratch\nCOPY a /c/copied\n`,
      "dockerfile.lua": 'bk.export(bk.dockerfile({filename = "Dockerfile.x"}))',
    };
    repository = await serveRepository(directory, files, { a: "branch", "epoch.lua": saysEpoch });
  });
  afterAll(() => {
    repository?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const everything = [
    ...[".dockerignore", "Dockerfile.x", "a", "build.lua", "dockerfile.lua"],
    ...["lib/name.lua", "part.lua", "sub/b", "sub/build.lua"],
  ];

  test("gives the script, its modules and all its files", async () => {
    const { tree } = await gatewayTree({ opts: { context: url() } });
    expect(filesOf(tree)).toEqual(everything);
    expect(tree.text("c/a")).toBe("main");
  });

  test("is at the ref that its fragment or its query says", async () => {
    const branch = await gatewayTree({ opts: { context: `${url()}#branch` } });
    expect(branch.tree.text("c/a")).toBe("branch");
    const query = await gatewayTree({ opts: { context: `${url()}?branch=branch` } });
    expect(query.tree.text("c/a")).toBe("branch");
    const stderr = await gatewayFails({ opts: { context: `${url()}?ref=master&colour=blue` } });
    expect(stderr).toContain("colour");
  });

  test("may be a commit that its ref has left behind", async () => {
    const commit = repository?.commit ?? "";
    const opts = { context: `${url()}?fetch-by-commit=true&checksum=${commit}&ref=branch` };
    if (nameOfDaemon() !== "newest") expect(await gatewayFails({ opts })).toMatch(/fetchbycommit|checksum/);
    else expect((await gatewayTree({ opts })).tree.text("c/a")).toBe("main");
    expect(await gatewayFails({ opts: { context: `${url()}?checksum=${commit}&ref=branch` } })).toContain("checksum");
  });

  test.skipIf(isOldEngine)("may be a directory of the repository", async () => {
    expect(await contextOf({ opts: { context: `${url()}#branch:sub` } })).toEqual(["b", "build.lua"]);
    expect(await contextOf({ opts: { context: `${url()}?ref=master&subdir=sub` } })).toEqual(["b", "build.lua"]);
  });

  test("keeps its .git when the client says so", async () => {
    const opts = { "build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR": "1", context: url() };
    expect(await contextOf({ opts })).toContain(".git/HEAD");
    expect(await contextOf({ opts: { context: `${url()}?keep-git-dir=true` } })).toContain(".git/HEAD");
  });

  test("tells the time of its commit, as the time of what is built from it", async () => {
    const work = { cwd: join(directory, "work"), encoding: "utf8" } as const;
    const time = Number(execFileSync("git", ["log", "-1", "--pretty=%ct", "branch"], work));
    await expectEpoch({ context: `${url()}#branch`, filename: "epoch.lua" }, time);
  });

  test("is named by the option that contextkey names", async () => {
    expect(await contextOf({ opts: { contextkey: "where", where: url() } })).toEqual(everything);
  });

  test("may be a part of itself only, and the script's path is one in all of it", async () => {
    const opts = { context: url(), contextsubdir: "sub", filename: "build.lua" };
    const { tree } = await gatewayTree({ opts });
    expect(filesOf(tree)).toEqual(["b", "build.lua"]);
  });

  test.skipIf(isOldEngine)("goes with a script of the client when dockerfilekey says so", async () => {
    const locals = { mine: { "build.lua": `require("lib.name")\n${shows(', {include = {"a"}}')}` } };
    expect(await contextOf({ locals, opts: { context: url(), dockerfilekey: "mine" } })).toEqual(["a"]);
  });

  test.skipIf(isOldEngine)("is copied from by patterns", async () => {
    expect(await contextOf({ opts: { context: url(), filename: "part.lua" } })).toEqual(["sub/build.lua"]);
  });

  test("is what bk.dockerfile builds from", async () => {
    const { tree } = await gatewayTree({ opts: { context: url(), filename: "dockerfile.lua" } });
    expect(tree.text("c/copied")).toBe("main");
  });
});

describe.concurrent("a downloaded context", () => {
  const script = `require("lib.x")\n${shows()}`;
  const archive = formatTar([
    file("build.lua", script),
    file("lib/x.lua", "return 1"),
    file("a", "a"),
    file("sub/b", "b"),
  ]);
  const served: Readonly<Record<string, Uint8Array>> = {
    "/plain.tar": new Uint8Array(archive),
    "/packed.tgz": Bun.gzipSync(new Uint8Array(archive)),
    "/build.lua": new TextEncoder().encode(shows()),
    "/epoch.lua": new TextEncoder().encode(saysEpoch),
  };
  let server: ReturnType<typeof Bun.serve> | undefined;
  const urlOf = (name: string) => `http://127.0.0.1:${server?.port}/${name}?${unique()}`;
  beforeAll(() => {
    server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => {
        const { pathname, search } = new URL(request.url);
        const data = served[pathname];
        const headers = search.includes("dated") ? { "Last-Modified": "Sun, 13 Sep 2020 12:26:40 GMT" } : {};
        return data === undefined ? new Response("", { status: 404 }) : new Response(Buffer.from(data), { headers });
      },
    });
  });
  afterAll(() => server?.stop(true));

  test("that is an archive is unpacked, and has the script", async () => {
    const files = ["a", "build.lua", "lib/x.lua", "sub/b"];
    expect(await contextOf({ opts: { context: urlOf("plain.tar") } })).toEqual(files);
    expect(await contextOf({ opts: { context: urlOf("packed.tgz") } })).toEqual(files);
    expect(await contextOf({ opts: { context: urlOf("packed.tgz"), contextsubdir: "sub" } })).toEqual(["b"]);
  });

  test("that is another file is the script, and the context's one file", async () => {
    expect(await contextOf({ opts: { context: urlOf("build.lua"), filename: "other.lua" } })).toEqual(["context"]);
  });

  test("tells when it last changed, if its server does", async () => {
    await expectEpoch({ context: `${urlOf("epoch.lua")}&dated` }, 1_600_000_000);
    const opts = { context: urlOf("epoch.lua"), "build-arg:SOURCE_DATE_EPOCH": "context" };
    const stderr = await gatewayFails({ opts });
    expect(stderr).toMatch(/does not tell the time of this context|invalid SOURCE_DATE_EPOCH/);
  });

  test("that is not there fails with what the server said", async () => {
    expect(await gatewayFails({ opts: { context: urlOf("nothing") } })).toContain("404");
  });
});

describe.concurrent("inputs of a client", () => {
  test("are the context and the script, modules included", async () => {
    const { tree } = await solvedTree(`
      local files = bk.scratch():mkdir("/lib"):mkfile("/lib/x.lua", [[return "x"]])
        :mkfile("/build.lua", [[bk.export(bk.scratch():copy(bk.local_("context"), "/", "/c"):mkfile("/x", require("lib.x")))]])
      local context = bk.image("${busybox}"):run("mkdir /made && echo built > /made/file")
      bk.export(bk.frontend("${await gatewayImage()}", {
        inputs = {context = bk.scratch():copy(context, "/made", "/"), dockerfile = files},
      }))`);
    expect(tree.text("c/file")).toBe("built\n");
    expect(tree.text("x")).toBe("x");
  });

  test("are the context in part, and the script's path is one in all of it", async () => {
    const { tree } = await solvedTree(`
      local files = bk.scratch():mkdir("/sub"):mkfile("/sub/a", "a"):mkfile("/build.lua", [[${shows()}]])
      local inputs = {context = files, dockerfile = files}
      bk.export(bk.frontend("${await gatewayImage()}", {opts = {contextsubdir = "sub"}, inputs = inputs}))`);
    expect(filesOf(tree)).toEqual(["a"]);
  });

  test("are not there for a script that has itself built, which ends all the same", async () => {
    const script = `bk.export(bk.frontend("${await gatewayImage()}"))`;
    const stderr = await gatewayFails({ locals: { dockerfile: { "build.lua": script } } });
    expect(stderr).toContain("the script is built by a frontend within 10 others");
  });
});
