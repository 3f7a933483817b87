import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { build, buildFails, buildTree, emit, inDirectory, unique, writeFiles } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { buildctlBuild, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, authRegistry, registry, ociLayout } = testbed();
const exported = (image: string, options = "") => `bk.export(bk.image("${image}", {${options}}))`;

describe.concurrent("bk.image", () => {
  test("is the tree of the image", async () => {
    const tree = await buildTree(exported(images.configured));
    expect(tree.text("work/from-base.txt")).toBe("second layer\n");
    expect(tree.entry("home/app")).toMatchObject({ type: "directory", owner: "1000:1000" });
  });

  test.each(["linux/amd64", "linux/arm64", "linux/arm64/v8"])(
    "platform %s is taken from the index",
    async (platform) => {
      const tree = await buildTree(exported(images.multi, `platform = "${platform}"`));
      expect(tree.text("arch.txt")).toBe(`${platform.split("/")[1]}\n`);
    },
  );

  test("platform is the build's own without the option", async () => {
    expect((await buildTree(exported(images.multi))).text("arch.txt")).toBe("amd64\n");
  });

  test("platform takes a bk.platform", async () => {
    const tree = await buildTree(exported(images.multi, 'platform = bk.platform("linux", "arm64")'));
    expect(tree.text("arch.txt")).toBe("arm64\n");
  });

  test("a platform that the index lacks fails the build", async () => {
    const script = exported(images.multi, 'platform = "linux/riscv64"');
    expect(await buildFails(script, { flags: ["--no-resolve"] })).toMatch(/no match for platform/);
  });

  test("layer_limit keeps the first layers", async () => {
    const tree = await buildTree(exported(images.configured, "layer_limit = 1"));
    expect(tree.has("bin/busybox")).toBe(true);
    expect(tree.has("work/from-base.txt")).toBe(false);
  });

  test("checksum lets the right image pass and no other", async () => {
    const { digest } = await fetchManifest(images.busybox);
    const wrong = await fetchManifest(images.configured);
    expect((await buildTree(exported(images.busybox, `checksum = "${digest}"`))).has("bin/busybox")).toBe(true);
    const script = exported(images.busybox, `checksum = "${wrong.digest}"`);
    expect(await buildFails(script, { flags: ["--no-resolve"] })).toContain("image digest");
  });

  test("a digest in the reference is that image, whatever the tag says", async () => {
    const { digest } = await fetchManifest(images.configured);
    expect((await buildTree(exported(`${images.busybox}@${digest}`))).has("work/from-base.txt")).toBe(true);
  });

  test("short names are completed as Docker does", async () => {
    const { definition } = await emit(exported("alpine"), { flags: ["--no-resolve"] });
    const [{ op }] = decodeOps(definition);
    expect(op).toMatchObject({
      case: "source",
      value: { identifier: "docker-image://docker.io/library/alpine:latest" },
    });
  });
});

describe.concurrent("bk.image resolve", () => {
  const modes = [
    ["always", "pull"],
    ["never", "local"],
    ["default", "undefined"],
  ] as const;

  test.each(modes)("%s is the attribute %s, and the image is there", async (resolve, mode) => {
    const script = exported(images.busybox, `resolve = "${resolve}"`);
    const [{ op }] = decodeOps((await emit(script)).definition);
    expect(op.case === "source" && String(op.value.attrs["image.resolvemode"])).toBe(mode);
    expect((await buildTree(script)).has("bin/busybox")).toBe(true);
  });
});

describe.concurrent("bk.image resolve_digest", () => {
  const api = `http://${registry}/v2`;

  /** Lets a repository's tag `now` name the image of a busybox tag. */
  const retag = async (repository: string, tag: string) => {
    const { config, layers = [], mediaType } = await fetchManifest(`${registry}/busybox:${tag}`);
    const headers = { "content-type": mediaType, accept: mediaType };
    for (const blob of [config, ...layers]) {
      await fetch(`${api}/${repository}/blobs/uploads/?mount=${blob?.digest}&from=busybox`, { method: "POST" });
    }
    const body = await (await fetch(`${api}/busybox/manifests/${tag}`, { headers })).bytes();
    expect((await fetch(`${api}/${repository}/manifests/now`, { method: "PUT", headers, body })).status).toBe(201);
  };
  const retagged = (options: string) =>
    inDirectory(async (directory) => {
      const repository = `moving/${unique()}`;
      await retag(repository, "configured");
      const { definition } = await emit(exported(`${registry}/${repository}:now`, options));
      await retag(repository, "latest");
      const result = await buildctlBuild({ definition, output: [`type=local,dest=${join(directory, "out")}`] });
      expect(result).toMatchObject({ exitCode: 0 });
      return Bun.file(join(directory, "out/work/from-base.txt")).exists();
    });

  test("is the image of the time when the Definition was written", async () => {
    expect(await retagged("resolve_digest = true")).toBe(true);
  });

  test("without it the image of the time when it is built", async () => {
    expect(await retagged("")).toBe(false);
  });
});

describe.concurrent("bk.image of a registry with a password", () => {
  const script = exported(`${authRegistry.host}/busybox:latest`);
  const login = (directory: string, password: string) => {
    const auth = btoa(`${authRegistry.username}:${password}`);
    writeFiles(directory, { "config.json": JSON.stringify({ auths: { [authRegistry.host]: { auth } } }) });
    return { env: { DOCKER_CONFIG: directory } };
  };

  test("takes the credentials of the docker config", async () => {
    const { tree } = await inDirectory((directory) => build(script, login(directory, authRegistry.password)));
    expect(tree.has("bin/busybox")).toBe(true);
  });

  test("fails with others", async () => {
    const { exitCode, stderr } = await inDirectory((directory) => emit(script, login(directory, "wrong")));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(authRegistry.host);
  });
});

describe.concurrent("bk.oci_layout", () => {
  const args = [`--oci-layout=store=${ociLayout.dir}`];
  const layout = (reference: string, options = "") => `bk.export(bk.oci_layout("${reference}", {${options}}))`;

  test("is an image of the layout", async () => {
    expect((await buildTree(layout(`store@${ociLayout.digest}`), { args })).has("bin/busybox")).toBe(true);
  });

  test("store names the layout when the reference has another name", async () => {
    const script = layout(`example.com/some/name@${ociLayout.digest}`, 'store = "store"');
    expect((await buildTree(script, { args })).has("bin/busybox")).toBe(true);
    expect(await buildFails(layout(`other@${ociLayout.digest}`), { args })).toContain("other");
  });

  test("layer_limit keeps the first layers", async () => {
    const { digest } = await fetchManifest(images.configured);
    expect((await buildTree(layout(`store@${digest}`), { args })).has("work/from-base.txt")).toBe(true);
    const limited = await buildTree(layout(`store@${digest}`, "layer_limit = 1"), { args });
    expect(limited.has("bin/busybox")).toBe(true);
    expect(limited.has("work/from-base.txt")).toBe(false);
  });

  test("platform is taken from an index", async () => {
    const { digest } = await fetchManifest(images.multi);
    const script = layout(`store@${digest}`, 'platform = "linux/arm64"');
    expect((await buildTree(script, { args })).text("arch.txt")).toBe("arm64\n");
  });

  test("steps run on it", async () => {
    const script = `bk.export(bk.oci_layout("store@${ociLayout.digest}"):run("echo ran > /ran # ${unique()}"))`;
    expect((await buildTree(script, { args })).text("ran")).toBe("ran\n");
  });
});

describe.concurrent("bk.blob", () => {
  const config = async () => (await fetchManifest(images.busybox)).config?.digest ?? "";

  test("is one blob of a registry as a file", async () => {
    const digest = await config();
    const script = `bk.export(bk.blob("${registry}/busybox@${digest}", {filename = "config.json", chmod = "0640", uid = 7, gid = 8}))`;
    const tree = await buildTree(script);
    expect(tree.paths).toEqual(["config.json"]);
    expect(tree.entry("config.json")).toMatchObject({ mode: "0640", owner: "7:8" });
    expect(JSON.parse(tree.text("config.json"))).toMatchObject({ architecture: "amd64" });
  });

  test("is one blob of a layout as a file", async () => {
    const script = `bk.export(bk.blob("store@${await config()}", {oci_layout = "store", filename = "config.json"}))`;
    const tree = await buildTree(script, { args: [`--oci-layout=store=${ociLayout.dir}`] });
    expect(JSON.parse(tree.text("config.json"))).toMatchObject({ architecture: "amd64" });
    expect(tree.entry("config.json")).toMatchObject({ mode: "0600", owner: "0:0" });
  });
});
