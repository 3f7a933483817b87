import { describe, expect, test } from "bun:test";
import { digestOf } from "../../src/image/digest.ts";
import { mergeIndexes } from "../../src/image/merge-index.ts";
import { failureOf } from "./failure.ts";
import { types } from "./fake-registry.ts";

interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: object;
}

function entry(digest: string, members: Partial<Entry> = {}): Entry {
  return { mediaType: types.manifest, digest: `sha256:${digest}`, size: 1, ...members };
}

function index(manifests: readonly object[], annotations?: Readonly<Record<string, string>>): Uint8Array {
  const text = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests, annotations });
  return new TextEncoder().encode(text);
}

function merge(...indexes: readonly Uint8Array[]) {
  const { bytes, digest, mediaType } = mergeIndexes(indexes);
  expect(digest).toBe(digestOf(bytes));
  const text = new TextDecoder().decode(bytes);
  return { text, mediaType, ...JSON.parse(text) };
}

describe("indexes as one", () => {
  test("hold all entries in their order, with attestations as they are", () => {
    const amd64 = [entry("a", { platform: { architecture: "amd64", os: "linux" } }), entry("b")];
    const arm64 = [entry("c"), entry("d", { annotations: { "vnd.docker.reference.digest": "sha256:c" } })];
    expect(merge(index(amd64), index(arm64)).manifests).toEqual([...amd64, ...arm64]);
  });

  test("are written as Go writes them: indented, in the order of the fields, with HTML escaped", () => {
    const { text } = merge(
      index([entry("a", { platform: { architecture: "amd64", os: "linux" } })], { z: "<&>", b: "é" }),
    );
    expect(text).toBe(`{
  "schemaVersion": 2,
  "mediaType": "${types.index}",
  "manifests": [
    {
      "mediaType": "${types.manifest}",
      "digest": "sha256:a",
      "size": 1,
      "platform": {
        "architecture": "amd64",
        "os": "linux"
      }
    }
  ],
  "annotations": {
    "b": "é",
    "z": "\\u003c\\u0026\\u003e"
  }
}`);
  });

  test("have the annotations of all; the first index that sets one counts", () => {
    expect(merge(index([entry("a")], { a: "1" }), index([], { a: "2", b: "3" })).annotations).toEqual({
      a: "1",
      b: "3",
    });
    expect(merge(index([entry("a")]))).not.toHaveProperty("annotations");
  });

  test("hold a manifest once, with what both said of it", () => {
    const [left, right] = [entry("a", { annotations: { x: "1" } }), entry("a", { annotations: { x: "2", y: "3" } })];
    expect(merge(index([left]), index([right])).manifests).toEqual([entry("a", { annotations: { x: "2", y: "3" } })]);
  });

  test("are a list of Docker's when every manifest is, and that has no annotations", () => {
    const docker = entry("a", { mediaType: types.schema2 });
    expect(merge(index([docker], { a: "1" }))).toMatchObject({ mediaType: types.list, manifests: [docker] });
    expect(merge(index([docker], { a: "1" }))).not.toHaveProperty("annotations");
    expect(merge(index([docker]), index([entry("b")])).mediaType).toBe(types.index);
  });

  test("must be indexes", () => {
    const error = failureOf(() => mergeIndexes([new TextEncoder().encode('{"config": {}}')]));
    expect(error).toMatchObject({ code: "image.push", message: "a node's image is not an index" });
  });
});
