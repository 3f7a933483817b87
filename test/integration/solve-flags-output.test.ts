import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { fetchManifest, testbed } from "../support/testbed.ts";
import { readTree, type Tree } from "../support/tree.ts";

setDefaultTimeout(120_000);

const { images, registry, v012 } = testbed();
const files = (text = unique()) =>
  `bk.export(bk.scratch():mkdir("/dir"):mkfile("/dir/file", "${text}", {mode = "0640"}):symlink("file", "/dir/link"))`;
const image = () => `bk.export(bk.image("${images.busybox}"):mkfile("/text", "${unique()}"), {cmd = {"cat", "/text"}})`;

interface Layout {
  readonly names: readonly string[];
  readonly mediaTypes: readonly string[];
  readonly blob: (digest: string) => Record<string, unknown>;
  readonly digests: readonly string[];
}

/** What an archive's or a directory's OCI layout says of its images. */
function readLayout(read: (path: string) => string): Layout {
  const { manifests } = JSON.parse(read("index.json"));
  const value = (each: { annotations?: Record<string, string> }, key: string) => each.annotations?.[key] ?? "";
  return {
    names: manifests.map(
      (each: { annotations?: Record<string, string> }) =>
        value(each, "io.containerd.image.name") || value(each, "org.opencontainers.image.ref.name"),
    ),
    mediaTypes: manifests.map(({ mediaType }: { mediaType: string }) => mediaType),
    digests: manifests.map(({ digest }: { digest: string }) => digest),
    blob: (digest) => JSON.parse(read(`blobs/${digest.replace(":", "/")}`)),
  };
}

const treeAt = (path: string): Tree => readTree(readFileSync(path));

describe.concurrent("files", () => {
  test.each([["out"], ["./out"], ["type=local,dest=out"], ["type=local,dest=new/out"]])(
    "go to a directory: -o %s",
    async (output) => {
      await inDirectory(async (directory) => {
        const { stdout } = await solvedIn(directory, files("hi"), ["-o", output]);
        const out = join(directory, output.replace(/^.*dest=/, ""));
        expect(readFileSync(join(out, "dir/link"), "utf8")).toBe("hi");
        expect(lstatSync(join(out, "dir/link")).isSymbolicLink()).toBe(true);
        expect((lstatSync(join(out, "dir/file")).mode & 0o777).toString(8)).toBe("640");
        expect(stdout).toBe("");
      });
    },
  );

  test.each([["-"], ["type=tar"], ["type=tar,dest=-"]])("go to stdout as a tar: -o %s", async (output) => {
    await inDirectory(async (directory) => {
      const { bytes } = await solvedIn(directory, files("hi"), ["-o", output]);
      expect(readTree(bytes).text("dir/file")).toBe("hi");
      expect(readTree(bytes).entry("dir/link").target).toBe("file");
    });
  });

  test("go to a tar file, with nothing beside it", async () => {
    await inDirectory(async (directory) => {
      mkdirSync(join(directory, "deep/er"), { recursive: true });
      await solvedIn(directory, files("hi"), ["-o", "type=tar,dest=deep/er/x.tar"]);
      expect(treeAt(join(directory, "deep/er/x.tar")).text("dir/file")).toBe("hi");
      expect(readdirSync(join(directory, "deep/er"))).toEqual(["x.tar"]);
    });
  });

  test("are added to what is there, or take its place with mode=delete", async () => {
    await inDirectory(async (directory) => {
      mkdirSync(join(directory, "out/dir"), { recursive: true });
      for (const name of ["out/old", "out/dir/file"]) writeFileSync(join(directory, name), "old");
      await solvedIn(directory, files("new"), ["-o", "out"]);
      expect(readFileSync(join(directory, "out/dir/file"), "utf8")).toBe("new");
      expect(existsSync(join(directory, "out/old"))).toBe(true);
      await solvedIn(directory, files("newer"), ["-o", "type=local,dest=out,mode=delete"]);
      expect(readFileSync(join(directory, "out/dir/file"), "utf8")).toBe("newer");
      expect(readdirSync(join(directory, "out"))).toEqual(["dir"]);
    });
  });

  test("of several platforms have a directory each, unless platform-split=false", async () => {
    await inDirectory(async (directory) => {
      const text = 'bk.export(bk.scratch():mkfile("/" .. tostring(bk.target_platform()):gsub("/", "-"), "x"))';
      const platforms = ["--platform", "linux/amd64,linux/arm64"];
      await solvedIn(directory, text, [...platforms, "-o", "out", "-o", "type=tar,dest=x.tar"]);
      expect(readdirSync(join(directory, "out")).sort()).toEqual(["linux_amd64", "linux_arm64"]);
      expect(readdirSync(join(directory, "out/linux_arm64"))).toEqual(["linux-arm64"]);
      expect(treeAt(join(directory, "x.tar")).has("linux_amd64/linux-amd64")).toBe(true);
      await solvedIn(directory, text, [...platforms, "-o", "type=local,dest=flat,platform-split=false"]);
      expect(readdirSync(join(directory, "flat")).sort()).toEqual(["linux-amd64", "linux-arm64"]);
      await solvedIn(directory, text, ["--platform", "linux/arm64", "-o", "type=local,dest=split,platform-split=true"]);
      expect(readdirSync(join(directory, "split"))).toEqual(["linux_arm64"]);
    });
  });

  test("have the time of source-date-epoch", async () => {
    await inDirectory(async (directory) => {
      await solvedIn(directory, files(), ["-o", "type=tar,dest=x.tar,source-date-epoch=1000000000"]);
      expect(treeAt(join(directory, "x.tar")).entry("dir/file").mtime).toBe(1_000_000_000);
    });
  });
});

describe.concurrent("image archives", () => {
  const oci = "application/vnd.oci.image.manifest.v1+json";

  test("are OCI layouts, named by tags", async () => {
    await inDirectory(async (directory) => {
      await solvedIn(directory, image(), ["-t", "app:1", "-t", "ghcr.io/me/app", "-o", "type=oci,dest=x.tar"]);
      const tree = treeAt(join(directory, "x.tar"));
      const { names, mediaTypes, digests, blob } = readLayout((path) => tree.text(path));
      expect(names.toSorted()).toEqual(["docker.io/library/app:1", "ghcr.io/me/app:latest"]);
      expect(mediaTypes).toEqual([oci, oci]);
      expect(blob(digests[0] ?? "")).toHaveProperty("config.digest");
    });
  });

  test("are what docker load takes", async () => {
    await inDirectory(async (directory) => {
      await solvedIn(directory, image(), ["-o", "type=docker,dest=x.tar,name=app:2"]);
      const tree = treeAt(join(directory, "x.tar"));
      const [manifest] = JSON.parse(tree.text("manifest.json"));
      expect(manifest.RepoTags).toEqual(["app:2"]);
      expect(JSON.parse(tree.text(manifest.Config)).config.Cmd).toEqual(["cat", "/text"]);
    });
  });

  test.each([["type=oci"], ["type=docker"], ["type=docker,dest=-"]])("go to a pipe: -o %s", async (output) => {
    await inDirectory(async (directory) => {
      const { bytes } = await solvedIn(directory, image(), ["-o", output]);
      expect(readTree(bytes).has("index.json")).toBe(true);
    });
  });

  test("are layouts on disk with tar=false; a second build adds to them", async () => {
    await inDirectory(async (directory) => {
      const read = () => readLayout((path) => readFileSync(join(directory, "layout", path), "utf8"));
      await solvedIn(directory, image(), ["-t", "app:1", "-o", "type=oci,tar=false,dest=layout"]);
      const [first = ""] = read().digests;
      expect(read().names).toEqual(["docker.io/library/app:1"]);
      await solvedIn(directory, image(), ["-t", "app:2", "-o", "type=oci,tar=false,dest=layout"]);
      expect(read().names).toEqual(["docker.io/library/app:1", "docker.io/library/app:2"]);
      expect(read().digests).toContain(first);
      expect(read().blob(read().digests[1] ?? "")).toHaveProperty("config.digest");
      expect(readdirSync(join(directory, "layout")).sort()).toEqual(["blobs", "index.json", "oci-layout"]);
    });
  });

  test("of several platforms are an index, which docker archives cannot be", async () => {
    await inDirectory(async (directory) => {
      const text = `bk.export(bk.image("${images.multi}"):mkfile("/x", "${unique()}"))`;
      const platforms = ["--platform", "linux/amd64,linux/arm64"];
      await solvedIn(directory, text, [...platforms, "-o", "type=oci,dest=x.tar"]);
      const tree = treeAt(join(directory, "x.tar"));
      const { mediaTypes, digests, blob } = readLayout((path) => tree.text(path));
      expect(mediaTypes).toEqual(["application/vnd.oci.image.index.v1+json"]);
      expect(blob(digests[0] ?? "").manifests).toHaveLength(2);
      const refused = await solveIn(directory, text, [...platforms, "-o", "type=docker,dest=y.tar"]);
      expect([refused.exitCode, existsSync(join(directory, "y.tar"))]).toEqual([2, false]);
      expect(refused.stderr).toContain("type=docker cannot hold several platforms");
    });
  });
});

describe.concurrent("several outputs of one build", () => {
  test("are all written, of the same image", async () => {
    await inDirectory(async (directory) => {
      const name = `${registry}/several:${unique()}`;
      const outputs = [
        "out",
        "type=tar,dest=a.tar",
        "type=oci,dest=b.tar",
        "type=docker,dest=c.tar",
        "type=registry",
        "type=tar",
      ];
      const flags = outputs.flatMap((output) => ["-o", output]);
      const { bytes } = await solvedIn(directory, image(), ["-t", name, ...flags]);
      expect(readTree(bytes).paths).toEqual(treeAt(join(directory, "a.tar")).paths);
      expect(existsSync(join(directory, "out/text"))).toBe(true);
      const archive = treeAt(join(directory, "b.tar"));
      const { digests } = readLayout((path) => archive.text(path));
      expect(digests).toEqual([(await fetchManifest(name)).digest]);
      const [docker] = JSON.parse(treeAt(join(directory, "c.tar")).text("manifest.json"));
      expect(docker.RepoTags).toEqual([name]);
    });
  });

  test("are refused by a daemon that writes only one", async () => {
    if (v012 === undefined) throw new Error("the testbed has no BuildKit v0.12: up --with v0.12");
    const { addr } = v012;
    await inDirectory(async (directory) => {
      const { exitCode, stderr } = await solveIn(directory, files(), ["-o", "out", "-o", "type=tar,dest=x.tar"], {
        addr,
      });
      expect([exitCode, readdirSync(directory)]).toEqual([2, ["build.lua"]]);
      expect(stderr).toContain("writes one output in a build");
      await solvedIn(directory, 'bk.export(bk.scratch():mkfile("/file", "old"))', ["-o", "out"], { addr });
      expect(readFileSync(join(directory, "out/file"), "utf8")).toBe("old");
    });
  });

  test("leave nothing behind when the build fails", async () => {
    await inDirectory(async (directory) => {
      const failing = `bk.export(bk.image("${images.busybox}"):run("false # ${unique()}"))`;
      const outputs = ["out", "type=tar,dest=a.tar", "type=oci,dest=b.tar", "type=oci,tar=false,dest=layout"];
      const { exitCode } = await solveIn(
        directory,
        failing,
        outputs.flatMap((output) => ["-o", output]),
      );
      expect([exitCode, readdirSync(directory)]).toEqual([1, ["build.lua"]]);
    });
  });
});

describe.concurrent("nothing", () => {
  test("is written by type=cacheonly, and the build is done", async () => {
    await inDirectory(async (directory) => {
      const text = (mark: string) => `bk.export(bk.image("${images.busybox}"):run("echo built ${mark}"))`;
      const mark = unique();
      const { stderr, stdout } = await solvedIn(directory, text(mark), ["-o", "type=cacheonly"]);
      expect([stdout, readdirSync(directory)]).toEqual(["", ["build.lua"]]);
      expect(stderr).toContain(`built ${mark}`);
      expect(stderr).not.toContain("warning");
      expect((await solvedIn(directory, text(unique()), [])).stderr).toContain("nothing is exported");
    });
  });
});
