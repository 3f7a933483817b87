import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Descriptor } from "../../scripts/testbed/layout.ts";
import { unique } from "../support/build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { type GatewayTreeOptions, gatewayFails, gatewayTree } from "../support/gateway-tree.ts";
import { nameOfDaemon } from "../support/role.ts";
import { solvedTree } from "../support/solved-tree.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

/** Its BuildKit is older than OCI layouts and directories of git repositories. */
const isOldEngine = nameOfDaemon() === "docker";
const bed = testbed();
const { busybox, configured, multi } = bed.images;

/** The files of a State. */
const shows = (state: string) => `bk.export(bk.scratch():copy(${state}, "/", "/c"))`;
/** What a step on a State sees of its config. */
const asks = (state: string) =>
  `bk.export(bk.scratch():copy(${state}:run("{ echo $FOO; pwd; id -un; } > /tmp/said # ${unique()}"), "/tmp/said", "/said"))`;
const built = (script: string, { locals = {}, ...options }: GatewayTreeOptions = {}) =>
  gatewayTree({ ...options, locals: { dockerfile: { "build.lua": script }, ...locals } });
const fails = (script: string, opts: Record<string, string>) =>
  gatewayFails({ locals: { dockerfile: { "build.lua": script } }, opts });

describe.concurrent("a named context", () => {
  test("that is an image takes an image's place, with its config", async () => {
    const opts = { "context:base": `docker-image://${configured}` };
    expect((await built(asks('bk.image("base")'), { opts })).tree.text("said")).toBe("from-base\n/work\napp\n");
    expect((await built(asks('bk.local_("base")'), { opts })).tree.text("said")).toBe("from-base\n/work\napp\n");
  });

  test("is found by the name that people write, whatever form the script uses", async () => {
    const opts = { "context:base": `docker-image://${busybox}`, "context:base:3": `docker-image://${configured}` };
    const script = `local function of(name) return bk.image(name):run("echo FOO=$FOO > /tmp/said") end
      local all = bk.scratch()
      for i, name in ipairs({"base", "base:latest", "docker.io/library/base", "base:3"}) do
        all = all:copy(of(name), "/tmp/said", "/" .. i)
      end
      bk.export(all)`;
    const { tree } = await built(script, { opts });
    expect([1, 2, 3, 4].map((each) => tree.text(String(each)).trim())).toEqual([
      "FOO=",
      "FOO=",
      "FOO=",
      "FOO=from-base",
    ]);
  });

  test("may be for one platform, which goes before all others", async () => {
    const opts = {
      "context:base": "docker-image://scratch",
      "context:base::linux/amd64": `docker-image://${multi}`,
      "context:base::linux/arm64": "unheard-of:x",
    };
    const { tree } = await built('bk.export(bk.scratch():copy(bk.image("base"), "/arch.txt", "/arch"))', { opts });
    expect(tree.text("arch").trim()).toBe("amd64");
  });

  test("that is scratch is an empty tree", async () => {
    const opts = { "context:base": "docker-image://scratch" };
    const { tree } = await built('bk.export(bk.image("base"):mkfile("/only", ""))', { opts });
    expect(tree.paths).toEqual(["only"]);
  });

  test.skipIf(isOldEngine)("that is an OCI layout of the client has its config", async () => {
    const { dir } = bed.ociLayout;
    const { manifests }: { manifests: Descriptor[] } = JSON.parse(readFileSync(join(dir, "index.json"), "utf8"));
    const named = ({ annotations }: Descriptor) => annotations?.["org.opencontainers.image.ref.name"] === "configured";
    const digest = manifests.find(named)?.digest;
    const opts = { "context:base": `oci-layout://mine@${digest}` };
    const args = [`--oci-layout=mine=${dir}`];
    expect((await built(asks('bk.image("base")'), { opts, args })).tree.text("said")).toBe("from-base\n/work\napp\n");
  });

  test("that is a directory has its own ignore file, and the options of the script", async () => {
    const locals = { files: { a: "a", b: "b", "c.skip": "c", ".dockerignore": "*.skip\n.dockerignore" } };
    const opts = { "context:src": "local:files" };
    const all = await built(shows('bk.local_("src")'), { locals, opts });
    expect(all.tree.paths).toEqual(["c", "c/a", "c/b"]);
    const some = await built(shows('bk.local_("src", {exclude = {"b"}})'), { locals, opts });
    expect(some.tree.paths).toEqual(["c", "c/a"]);
    const asImage = await built(shows('bk.image("src")'), { locals, opts });
    expect(asImage.tree.paths).toEqual(["c", "c/a", "c/b"]);
    expect(await fails(shows('bk.local_("src")'), opts)).toContain(
      'context "src": the client has no local directory "files"',
    );
  });

  test.skipIf(isOldEngine)("that is a git repository is its files", async () => {
    const opts = { "context:src": `${bed.git.url}#main:sub`, "context:other": `${bed.git.url}?ref=v0.1` };
    const script = 'bk.export(bk.scratch():copy(bk.local_("src"), "/", "/s"):copy(bk.image("other"), "/", "/o"))';
    const { tree } = await built(script, { opts });
    expect(tree.text("s/dir/file.txt")).toBe("in a subdirectory\n");
    expect(tree.text("o/README.md")).toBe("first\n");
  });

  test("that is a download is one file, never unpacked", async () => {
    const opts = { "context:src": bed.http.archive.url };
    const { tree } = await built(shows('bk.local_("src")'), { opts });
    expect(tree.paths).toEqual(["c", "c/context"]);
    expect(tree.entry("c/context").data.length).toBe(bed.http.archive.size);
  });

  test.skipIf(isOldEngine)("may be called as the main context is", async () => {
    const opts = { "context:context": `${bed.git.url}#main:sub/dir` };
    const { tree } = await built(shows('bk.local_("context")'), { opts, locals: { context: { a: "a" } } });
    expect(tree.text("c/file.txt")).toBe("in a subdirectory\n");
    expect(tree.has("c/a")).toBe(false);
  });

  test("goes to the place of an image's checksum only if it is one", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const stderr = await fails(`bk.image("base", {checksum = "${digest}"})`, { "context:base": bed.git.url });
    expect(stderr).toContain('option "checksum": a named context that is no image takes its place');
  });

  test("of a kind that nobody knows is an error of the line that uses it, and of no other script", async () => {
    const opts = { "context:base": "ftp://host/file", "context:bare": "nothing" };
    const stderr = await fails('\nbk.image("base")', opts);
    expect(stderr).toContain('context "base": the context source "ftp" is not supported');
    expect(stderr).toContain("build.lua:2");
    expect(await fails('bk.local_("bare")', opts)).toContain('context "bare": "nothing" has no scheme');
    const { tree } = await built('bk.export(bk.scratch():mkfile("/x", ""))', { opts });
    expect(tree.paths).toEqual(["x"]);
  });

  test("costs nothing when the script does not use it", async () => {
    const opts = {
      "context:image": "docker-image://127.0.0.1:1/none",
      "context:files": "local:none",
      "context:repository": "http://127.0.0.1:1/none.git",
      "context:input": "input:none",
    };
    const { stderr } = await built(`bk.export(bk.scratch():mkfile("/x", "${unique()}"))`, { opts });
    expect(stderr).not.toMatch(/\[context|none/);
  });

  test("may be an input of a frontend, with the config that its client tells", async () => {
    const { tree } = await solvedTree(`
      local base = bk.image("${configured}"):run("echo prepared > prepared")
      bk.export(bk.frontend("${await gatewayImage()}", {
        opts = {["context:base"] = "input:base", ["context:files"] = "input:files"},
        inputs = {
          dockerfile = bk.scratch():mkfile("/build.lua", [[
            local said = bk.image("base"):run("{ cat prepared; echo $FOO; pwd; id -un; } > /tmp/said")
            bk.export(bk.scratch():copy(said, "/tmp/said", "/said"):copy(bk.local_("files"), "/", "/f"))]]),
          base = base,
          files = bk.scratch():mkfile("/a", "a"),
        },
      }))`);
    expect(tree.text("said")).toBe("prepared\nfrom-base\n/work\napp\n");
    expect(tree.text("f/a")).toBe("a");
  });

  test("may be an input that the client did not give, which is an error", async () => {
    const stderr = await fails('bk.image("base")', { "context:base": "input:none" });
    expect(stderr).toContain('context "base": the client gave no input "none"');
  });
});

describe.concurrent("a daemon's Dockerfile frontend", () => {
  test("builds from what takes the place of a directory", async () => {
    const locals = {
      files: {
        Dockerfile: `FROM ${busybox}\nCOPY . /files\nRUN ls -A /files > /list\n`,
        a: "",
        "b.skip": "",
        ".dockerignore": "*.skip",
      },
    };
    const script = 'bk.export(bk.scratch():copy(bk.dockerfile({context = "src"}), "/list", "/list"))';
    const { tree } = await built(script, { locals, opts: { "context:src": "local:files" } });
    expect(tree.text("list")).toBe(".dockerignore\nDockerfile\na\n");
  });

  test("finds the named contexts of the client, inputs too", async () => {
    const dockerfile = `FROM base AS own\nRUN cat prepared > /tmp/list; echo $FOO >> /tmp/list\nCOPY --from=files / /files\nCOPY --from=dir / /dir`;
    const { tree } = await solvedTree(
      `
      local base = bk.image("${configured}"):run("echo prepared > prepared")
      bk.export(bk.frontend("${await gatewayImage()}", {
        opts = {
          ["context:base"] = "input:base", ["context:files"] = "input:dockerfile", ["context:dir"] = "local:own",
        },
        inputs = {
          dockerfile = bk.scratch():mkfile("/Dockerfile", [[${dockerfile}]])
            :mkfile("/build.lua", [[bk.export(bk.dockerfile({context = bk.local_("files")}))]]),
          base = base,
        },
      }))`,
      ["--local", "own=own"],
      { files: { "own/a": "a" } },
    );
    expect(tree.text("tmp/list")).toBe("prepared\nfrom-base\n");
    expect(tree.text("files/build.lua")).toContain("bk.dockerfile");
    expect(tree.text("dir/a")).toBe("a");
  });

  test("finds them where the script lets it read the context itself", async () => {
    const locals = { context: { Dockerfile: "FROM scratch\nCOPY --from=base /arch.txt /arch\n" } };
    const opts = { "context:base::linux/amd64": `docker-image://${multi}` };
    const { tree } = await built("bk.export(bk.dockerfile())", { locals, opts });
    expect(tree.text("arch").trim()).toBe("amd64");
  });
});
