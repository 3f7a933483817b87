import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";
import { fetchBlob, isPushed } from "../support/registry.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { images, registry } = testbed();
const script = (text = unique()) =>
  `bk.export(bk.image("${images.busybox}"):mkfile("/text", "${text}"), {cmd = {"cat", "/text"}})`;
const newName = () => `${registry}/solved:${unique()}`;

const index = "application/vnd.oci.image.index.v1+json";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

describe.concurrent("the image that is pushed", () => {
  test("has every tag, and the config of the script", async () => {
    const [one, two] = [newName(), newName()];
    await inDirectory(async (directory) => {
      await solvedIn(directory, script(), ["-t", one, "--tag", two, "--push"]);
      const manifest = await fetchManifest(one);
      expect(manifest.mediaType).toBe(manifestType);
      expect((await fetchManifest(two)).digest).toBe(manifest.digest);
      expect((await fetchConfig(one)).config.Cmd).toEqual(["cat", "/text"]);
    });
  });

  test.each([
    (name: string) => ["-o", `type=image,name=${name},push=true`],
    (name: string) => ["-o", `type=registry,name=${name}`],
    (name: string) => ["-t", name, "-o", "type=registry"],
    (name: string) => ["-t", name, "-o", "type=image", "--push"],
  ])("is pushed by every way to say so: %#", async (flags) => {
    const name = newName();
    await inDirectory((directory) => solvedIn(directory, script(), flags(name)));
    expect(await isPushed(name)).toBe(true);
  });

  test("is not pushed without a word", async () => {
    const name = newName();
    const { stderr } = await inDirectory((directory) => solvedIn(directory, script(), ["-t", name]));
    expect(await isPushed(name)).toBe(false);
    expect(stderr).toContain("this daemon keeps no images");
  });

  test("is pushed by digest, without a tag", async () => {
    const name = `${registry}/digest/${unique()}`;
    await inDirectory(async (directory) => {
      const flags = ["-o", `type=image,name=${name},push=true,push-by-digest=true`, "--metadata-file", "m.json"];
      await solvedIn(directory, script(), flags);
      const digest = JSON.parse(readFileSync(join(directory, "m.json"), "utf8"))["containerimage.digest"];
      expect((await fetchManifest(`${name}@${digest}`)).digest).toBe(digest);
      expect(await isPushed(`${name}:latest`)).toBe(false);
    });
  });

  test("has the compression, the media types and the labels that were asked for", async () => {
    const name = newName();
    const output = `type=image,name=${name},push=true,compression=zstd,force-compression=true,oci-mediatypes=true`;
    await inDirectory((directory) =>
      solvedIn(directory, script(), ["-o", output, "--label", "a=1", "--label", "empty", "--opt", "label:b=2"]),
    );
    const { layers = [] } = await fetchManifest(name);
    expect(layers.map(({ mediaType }) => mediaType)).toEqual(
      layers.map(() => "application/vnd.oci.image.layer.v1.tar+zstd"),
    );
    expect((await fetchConfig(name)).config.Labels).toEqual({ a: "1", b: "2", empty: "" });

    const docker = newName();
    await inDirectory((directory) =>
      solvedIn(directory, script(), ["-o", `type=registry,name=${docker},oci-mediatypes=false`]),
    );
    expect((await fetchManifest(docker)).mediaType).toBe("application/vnd.docker.distribution.manifest.v2+json");
  });

  test("has the annotations of the flag, the output and the script", async () => {
    const name = newName();
    const text = `bk.export(bk.image("${images.busybox}"):mkfile("/x", "${unique()}"), {annotations = {script = "1", flag = "0"}})`;
    const flags = ["--annotation", "flag=1", "--annotation", "manifest-descriptor:d=1", "--annotation", "index:i=1"];
    const output = `type=registry,name=${name},annotation.output=1`;
    await inDirectory((directory) => solvedIn(directory, text, [...flags, "-o", output, "--provenance", "true"]));
    const top = await fetchManifest(name);
    expect([top.mediaType, top.annotations]).toEqual([index, { i: "1" }]);
    const [image] = top.manifests ?? [];
    expect(image?.annotations).toMatchObject({ d: "1" });
    const { annotations } = await fetchManifest(`${name.slice(0, name.lastIndexOf(":"))}@${image?.digest}`);
    expect(annotations).toEqual({ script: "1", flag: "1", output: "1" });
  });

  test("is an index of all platforms", async () => {
    const name = newName();
    const text = `bk.export(bk.image("${images.multi}"):mkfile("/target", tostring(bk.target_platform())))`;
    await inDirectory((directory) =>
      solvedIn(directory, text, ["-t", name, "--push", "--platform", "linux/amd64,linux/arm64"]),
    );
    const { mediaType, manifests = [] } = await fetchManifest(name);
    expect(mediaType).toBe(index);
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    expect((await fetchConfig(name, "arm64")).architecture).toBe("arm64");
    const { layers = [] } = await fetchManifest(`${name.slice(0, name.lastIndexOf(":"))}@${manifests[1]?.digest}`);
    const last = Bun.gunzipSync(
      Uint8Array.from(await fetchBlob(name.slice(0, name.lastIndexOf(":")), layers.at(-1)?.digest ?? "")),
    );
    expect(new TextDecoder().decode(last)).toContain("arm64");
  });

  test("of two platforms is not made of a base that has one", async () => {
    const text = `bk.export(bk.image("${images.busybox}"):mkfile("/x", "${unique()}"))`;
    const platforms = ["--platform", "linux/amd64,linux/arm64"];
    const built = inDirectory((directory) => solvedIn(directory, text, ["-o", "out", ...platforms]));
    await expect(built).rejects.toThrow("the results for linux/amd64 and linux/arm64 are both images for linux/amd64");
  });

  test("of one platform is no index, and is for that platform", async () => {
    const name = newName();
    const text = `bk.export(bk.image("${images.multi}"):mkfile("/x", "${unique()}"))`;
    await inDirectory((directory) => solvedIn(directory, text, ["-t", name, "--push", "--platform", "linux/arm64"]));
    expect((await fetchManifest(name)).mediaType).toBe(manifestType);
    expect((await fetchConfig(name)).architecture).toBe("arm64");
  });
});

describe.concurrent("SOURCE_DATE_EPOCH", () => {
  const text = script("epoch");
  const push = (name: string, env: Record<string, string>, ...flags: string[]) =>
    inDirectory((directory) => solvedIn(directory, text, ["-t", name, "--push", ...flags], { env }));

  test("of the environment gives the image its time", async () => {
    const [one, two, three] = [newName(), newName(), newName()];
    await push(one, { SOURCE_DATE_EPOCH: "1700000000" });
    expect((await fetchConfig(one)).created).toStartWith("2023-11-14T22:13:20Z");
    await push(two, { SOURCE_DATE_EPOCH: "1" }, "--build-arg", "SOURCE_DATE_EPOCH=1700000000");
    expect((await fetchManifest(two)).digest).toBe((await fetchManifest(one)).digest);
    await push(three, {}, "-o", "type=image,source-date-epoch=86400,rewrite-timestamp=true");
    expect((await fetchConfig(three)).created).toStartWith("1970-01-02T00:00:00Z");
  });
});

describe.concurrent("targets and arguments", () => {
  const text = `
    local arg = bk.arg("NAME", "default")
    bk.target("one", {default = true}, function() return bk.scratch():mkfile("/one", arg) end)
    bk.target("two", {}, function() return bk.scratch():mkfile("/two", os.getenv("OTHER") or "none") end)
  `;
  const outcome = (flags: readonly string[], env: Record<string, string> = {}) =>
    inDirectory(async (directory) => {
      await solvedIn(directory, text, ["-o", "out", ...flags], { env });
      const name = existsSync(join(directory, "out/one")) ? "one" : "two";
      return `${name}: ${readFileSync(join(directory, "out", name), "utf8")}`;
    });

  test("are chosen by their flags", async () => {
    expect(await outcome([])).toBe("one: default");
    expect(await outcome(["--build-arg", "NAME=x=y"])).toBe("one: x=y");
    expect(await outcome(["--build-arg", "NAME"], { NAME: "host" })).toBe("one: host");
    expect(await outcome(["--opt", "build-arg:NAME=opt"])).toBe("one: opt");
    expect(await outcome(["--target", "two", "--frontend-arg", "OTHER=1"])).toBe("two: 1");
  });
});

describe.concurrent("what is told of a build", () => {
  test("is in the files that were named", async () => {
    const name = newName();
    await inDirectory(async (directory) => {
      const files = ["--metadata-file", "m.json", "--iidfile", "iid", "--ref-file", "ref"];
      await solvedIn(directory, script(), ["-t", name, "--push", ...files]);
      const read = (file: string) => readFileSync(join(directory, file), "utf8");
      const manifest = await fetchManifest(name);
      const metadata = JSON.parse(read("m.json"));
      expect(metadata).toMatchObject({
        "containerimage.digest": manifest.digest,
        "containerimage.config.digest": manifest.config?.digest,
        "containerimage.descriptor": { digest: manifest.digest, mediaType: manifest.mediaType },
        "image.name": name,
      });
      expect(Object.keys(metadata)).toEqual(Object.keys(metadata).sort());
      expect(read("iid")).toBe(manifest.config?.digest ?? "");
      expect(read("ref")).toMatch(/^[a-z0-9]{25}$/);
    });
  });

  test("is not there, but for the build's name, when the build fails", async () => {
    await inDirectory(async (directory) => {
      await Bun.write(join(directory, "iid"), "old");
      const failing = `bk.export(bk.image("${images.busybox}"):run("false # ${unique()}"))`;
      const files = ["--metadata-file", "m.json", "--iidfile", "iid", "--ref-file", "ref"];
      const { exitCode } = await solveIn(directory, failing, ["-t", newName(), ...files]);
      expect(exitCode).toBe(1);
      expect(["m.json", "iid", "ref"].map((file) => existsSync(join(directory, file)))).toEqual([false, false, true]);
    });
  });

  test.each([
    ["from scratch", `bk.export(bk.scratch():mkfile("/text", "${unique()}"), {cmd = {"cat", "/text"}})`, ""],
    ["on an image", `bk.export(bk.image("${images.busybox}"):mkfile("/text", "${unique()}"))`, ""],
    [
      "on an image, with its times rewritten",
      `bk.export(bk.image("${images.busybox}"):run("echo ${unique()} > /text"))`,
      ",rewrite-timestamp=true",
    ],
  ])("is the same as buildctl tells %s", async (_, text, more) => {
    await inDirectory(async (directory) => {
      const name = newName();
      const env = { SOURCE_DATE_EPOCH: "1700000000" };
      const epoch = ["--build-arg", "SOURCE_DATE_EPOCH=1700000000"];
      await solvedIn(directory, text, [
        `--output=type=image,name=${name},push=true,unpack=false${more}`,
        ...["--metadata-file", "ours", ...epoch],
      ]);
      const { bytes } = await runLuakit(["build", "build.lua"], { cwd: directory });
      const config = await runLuakit(["config", "--output-attr"], { cwd: directory, env });
      const output = `type=image,name=${name},push=true,unpack=false${more},${config.stdout.trim()}`;
      const { buildctl, addr } = testbed();
      const child = Bun.spawn(
        [
          buildctl,
          "--addr",
          addr,
          "build",
          "--output",
          output,
          "--metadata-file",
          "theirs",
          "--opt",
          "build-arg:SOURCE_DATE_EPOCH=1700000000",
        ],
        { cwd: directory, env, stdin: bytes, stderr: "pipe" },
      );
      expect(await child.exited).toBe(0);
      expect(readFileSync(join(directory, "ours"), "utf8")).toBe(readFileSync(join(directory, "theirs"), "utf8"));
    });
  });
});
