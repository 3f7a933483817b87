import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOciLayout } from "../../src/image/oci-layout.ts";
import { rejectionOf } from "./failure.ts";
import { amd64, digestOfText, makeImage, types } from "./fake-registry.ts";

const made: string[] = [];

afterAll(async () => {
  for (const directory of made) await rm(directory, { recursive: true });
});

const image = makeImage();
const other = makeImage({ config: { Env: ["B=2"] } });
const entry = (digest: string, annotations?: object) => ({ mediaType: types.manifest, digest, size: 1, annotations });
const named = (name: string) => ({ "org.opencontainers.image.ref.name": name });

async function layout(
  manifests: readonly object[],
  blobs: readonly string[] = [image.manifest, image.config, other.manifest, other.config],
) {
  const directory = await mkdtemp(join(tmpdir(), "luakit-layout-"));
  made.push(directory);
  await Bun.write(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  for (const blob of blobs) await Bun.write(join(directory, "blobs/sha256", digestOfText(blob).slice(7)), blob);
  return directory;
}

describe("readOciLayout", () => {
  test("takes the only image, latest, a tag, a name or a digest", async () => {
    const single = await layout([entry(image.digest, named("v1"))]);
    expect((await readOciLayout(single, amd64)).digest).toBe(image.digest);
    const full = { ...named("v2"), "io.containerd.image.name": "docker.io/library/app:v2" };
    const several = await layout([entry(image.digest, named("latest")), entry(other.digest, full)]);
    expect((await readOciLayout(several, amd64)).config.config.Env).toEqual(["A=1"]);
    expect((await readOciLayout(several, amd64, "v2")).config.config.Env).toEqual(["B=2"]);
    expect((await readOciLayout(several, amd64, "docker.io/library/app:v2")).digest).toBe(other.digest);
    expect((await readOciLayout(several, amd64, other.digest)).configDigest).toBe(other.configDigest);
  });

  test("says which tags there are", async () => {
    const directory = await layout([entry(image.digest, named("v1")), entry(other.digest, named("v2"))]);
    const error = await rejectionOf(readOciLayout(directory, amd64));
    expect(error.message).toBe(`the OCI layout ${directory}: there is no "latest"`);
    expect(error.hint).toBe("it has v1, v2");
  });

  test("refuses a damaged and a missing blob", async () => {
    const damaged = await layout([entry(image.digest)]);
    await Bun.write(join(damaged, "blobs/sha256", image.configDigest.slice(7)), "other");
    expect((await rejectionOf(readOciLayout(damaged, amd64))).message).toContain("is damaged");
    const missing = await layout([entry(image.digest)], [image.manifest]);
    expect((await rejectionOf(readOciLayout(missing, amd64))).message).toContain("is missing");
  });

  test("reads nothing outside its directory", async () => {
    const directory = await layout([entry(image.digest)], [image.manifest]);
    const outside = await layout([]);
    await Bun.write(join(outside, "secret"), image.config);
    await symlink(join(outside, "secret"), join(directory, "blobs/sha256", image.configDigest.slice(7)));
    expect((await rejectionOf(readOciLayout(directory, amd64))).message).toContain("points outside the layout");
    const traversal = await layout([entry("sha256:../../../etc/passwd")]);
    expect((await rejectionOf(readOciLayout(traversal, amd64))).message).toContain("without a valid digest");
  });

  test("says what is no layout", async () => {
    const empty = await mkdtemp(join(tmpdir(), "luakit-layout-"));
    made.push(empty);
    expect((await rejectionOf(readOciLayout(empty, amd64))).message).toContain("there is no index.json");
    expect((await rejectionOf(readOciLayout(join(empty, "none"), amd64))).message).toContain("does not exist");
  });
});
