import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putInIndex } from "../../src/session/oci-index.ts";
import { resetLayout } from "../../src/session/oci-reset.ts";
import { rejectionOf } from "../image/failure.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-reset-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

function put(directory: string, mediaType: string, blob: unknown): { mediaType: string; digest: string; size: number } {
  const text = typeof blob === "string" ? blob : JSON.stringify(blob);
  const hex = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
  writeFileSync(join(directory, "blobs/sha256", hex), text);
  return { mediaType, digest: `sha256:${hex}`, size: text.length };
}

test("keeps what index.json leads to and deletes the rest", async () => {
  const directory = mkdtempSync(join(root, "dir-"));
  const config = put(directory, "application/vnd.buildkit.cacheconfig.v0", "{}");
  const layers = ["a", "b"].map((layer) => put(directory, "application/vnd.oci.image.layer.v1.tar+gzip", layer));
  const image = put(directory, imageType, { config, layers });
  const index = put(directory, indexType, { manifests: [image, put(directory, imageType, { config, layers: [] })] });
  put(directory, "old", "old layer");
  put(directory, imageType, { config, layers });
  put(directory, imageType, { config, layers, old: true });
  await putInIndex(directory, index, [{ tag: "latest" }]);
  expect(readdirSync(join(directory, "blobs/sha256"))).toHaveLength(8);
  await resetLayout(directory);
  expect(readdirSync(join(directory, "blobs/sha256"))).toHaveLength(6);
});

test("deletes nothing when it cannot follow", async () => {
  const directory = mkdtempSync(join(root, "dir-"));
  const missing = { mediaType: imageType, digest: `sha256:${"0".repeat(64)}`, size: 1 };
  await putInIndex(directory, missing, [{ tag: "latest" }]);
  put(directory, "old", "old layer");
  expect((await rejectionOf(resetLayout(directory))).code).toBe("rpc.not-found");
  await putInIndex(directory, put(directory, imageType, "broken"), [{ tag: "latest" }]);
  expect((await rejectionOf(resetLayout(directory))).code).toBe("oci.layout");
  expect(readdirSync(join(directory, "blobs/sha256"))).toHaveLength(2);
});
