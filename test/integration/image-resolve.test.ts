import { afterAll, describe, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDockerConfig } from "../../src/image/docker-config.ts";
import { readOciLayout } from "../../src/image/oci-layout.ts";
import { createResolver } from "../../src/image/resolve.ts";
import { rejectionOf } from "../image/failure.ts";
import { inDirectory } from "../support/build.ts";
import { solveIn } from "../support/solve.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

const bed = testbed();
const scratch = await mkdtemp(join(tmpdir(), "luakit-resolve-"));
const amd64 = { os: "linux", architecture: "amd64" };
const arm64 = { os: "linux", architecture: "arm64" };

afterAll(() => rm(scratch, { recursive: true }));

async function resolverWith(config: object) {
  const configDir = await mkdtemp(join(scratch, "config-"));
  await Bun.write(join(configDir, "config.json"), JSON.stringify(config));
  const variables = { PATH: `${scratch}/bin:/usr/bin:/bin` };
  return createResolver({ credentials: openDockerConfig({ configDir, variables }) });
}

describe("a real registry", () => {
  test("gives digest and config of an image", async () => {
    const { resolve } = await resolverWith({});
    for (const name of [bed.images.busybox, bed.images.configured, bed.images.debianConfigured]) {
      const [image, manifest, config] = await Promise.all([
        resolve(name, amd64),
        fetchManifest(name),
        fetchConfig(name),
      ]);
      expect(image.reference).toBe(name);
      expect(image.digest).toBe(manifest.digest);
      expect(image.configDigest).toBe(manifest.config?.digest ?? "");
      expect(JSON.parse(JSON.stringify(image.config.config))).toEqual(JSON.parse(JSON.stringify(config.config)));
      expect(image.platform).toEqual(amd64);
    }
  });

  test("gives the image of each platform in an index", async () => {
    const { resolve } = await resolverWith({});
    const [first, second, index] = await Promise.all([
      resolve(bed.images.multi, amd64),
      resolve(bed.images.multi, arm64),
      fetchManifest(bed.images.multi),
    ]);
    expect([first.digest, second.digest]).toEqual([index.digest, index.digest]);
    expect(first.configDigest).not.toBe(second.configDigest);
    expect(first.config.config.Env).not.toEqual(second.config.config.Env ?? []);
    expect([first.platform, second.platform]).toEqual([amd64, arm64]);
    const pinned = await resolve(`${bed.images.multi}@${index.digest}`, arm64);
    expect(pinned.configDigest).toBe(second.configDigest);
  });

  test("says which platforms an index has", async () => {
    const { resolve } = await resolverWith({});
    const error = await rejectionOf(resolve(bed.images.multi, { os: "linux", architecture: "riscv64" }));
    expect(error.message).toContain("there is no image for linux/riscv64: it has linux/amd64, linux/arm64");
  });

  test("tells a missing tag and a missing repository", async () => {
    const { resolve } = await resolverWith({});
    expect((await rejectionOf(resolve(`${bed.registry}/busybox:gone`, amd64))).message).toContain(
      'has no "busybox:gone"',
    );
    expect((await rejectionOf(resolve(`${bed.registry}/gone`, amd64))).message).toContain("has no");
  });

  test("serves as a mirror of Docker Hub", async () => {
    const name = new URL(`http://${bed.images.busybox}`).pathname.slice(1).split(":")[0];
    const credentials = async () => undefined;
    const mirrors = { "hub.invalid": [bed.registry] };
    const image = await createResolver({ credentials, mirrors }).resolve(`hub.invalid/${name}`, amd64);
    expect(image.digest).toBe((await fetchManifest(bed.images.busybox)).digest);
  });
});

describe("a real registry with basic auth", () => {
  const { host, username, password } = bed.authRegistry;
  const name = `${host}/busybox:latest`;

  test("takes the login of config.json", async () => {
    const { resolve } = await resolverWith({ auths: { [host]: { auth: btoa(`${username}:${password}`) } } });
    const image = await resolve(name, amd64);
    expect(image.digest).toBe((await fetchManifest(bed.images.busybox)).digest);
    expect(image.config.architecture).toBe("amd64");
  });

  test("takes the login of a credential helper", async () => {
    await mkdir(join(scratch, "bin"), { recursive: true });
    const helper = join(scratch, "bin/docker-credential-bed");
    const answer = JSON.stringify({ Username: username, Secret: password });
    await Bun.write(helper, `#!/bin/sh\n[ "$(cat)" = "${host}" ] && echo '${answer}'\n`);
    await chmod(helper, 0o755);
    const { resolve } = await resolverWith({ credHelpers: { [host]: "bed" } });
    expect((await resolve(name, amd64)).digest).toBe((await fetchManifest(bed.images.busybox)).digest);
  });

  test("refuses a wrong and a missing login with the way out", async () => {
    const wrong = await resolverWith({ auths: { [host]: { auth: btoa(`${username}:nope`) } } });
    expect((await rejectionOf(wrong.resolve(name, amd64))).message).toContain("with the stored login");
    const none = await rejectionOf((await resolverWith({})).resolve(name, amd64));
    expect(none.message).toContain(`${host} denied access to "busybox"`);
    expect(none.hint).toContain(`docker login ${host}`);
    expect(none.hint).toContain("--no-resolve");
  });
});

test("a real OCI layout gives the same image as the registry", async () => {
  const image = await readOciLayout(bed.ociLayout.dir, amd64, "latest");
  expect(image.digest).toBe(bed.ociLayout.digest);
  const { resolve } = await resolverWith({});
  expect(image.configDigest).toBe((await resolve(bed.images.busybox, amd64)).configDigest);
});

test("an image that the daemon does not find is told at the line that names it", async () => {
  const name = `${bed.registry}/missing:1`;
  const module = `return function() return bk.image("${name}") end`;
  const script = 'local base = require "base"\nbk.export(base():run("true"))\n';
  const { exitCode, stderr } = await inDirectory((directory) =>
    solveIn(directory, script, ["-o", "x"], { files: { "base.lua": module } }),
  );
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(new RegExp(`^base.lua:1: failed to resolve .*${name}: not found$`, "m"));
  expect(stderr).toContain("called from build.lua:2: bk.export(base()");
});
