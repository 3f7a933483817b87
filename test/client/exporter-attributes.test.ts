import { expect, test } from "bun:test";
import { annotationProblem, type ExporterType, exporterAttributes } from "../../src/client/exporter-attributes.ts";

test.each([
  "annotation.a",
  "annotation.org.opencontainers.image.title",
  "annotation-manifest.a",
  "annotation-index.a",
  "annotation-manifest-descriptor.a",
  "annotation-index-descriptor.a",
  "annotation[linux/amd64].a",
  "annotation-manifest[linux/arm/v7].a.b",
])("%s is an annotation", (key) => {
  expect(annotationProblem(key)).toBeUndefined();
});

test.each([
  ["annotation", "it is not annotation"],
  ["annotation.", "it is not annotation"],
  ["annotations.a", "it is not annotation"],
  ["annotation.a b", "it is not annotation"],
  ["annotation-layer.a", '"layer" is no level'],
  ["annotation[linux].a", '"linux" is not a platform'],
])("%s is none: %s", (key, problem) => {
  expect(annotationProblem(key)).toStartWith(problem);
});

// One row per exporter and key: what is right, what is wrong.
const values: Readonly<Record<string, readonly [right: readonly string[], wrong: readonly string[]]>> = {
  "oci-mediatypes": [
    ["true", "0"],
    ["", "yes"],
  ],
  "oci-artifact": [["true"], ["", "x"]],
  "attestation-inline": [["false"], ["", "x"]],
  "prefer-nondist-layers": [["1"], ["", "x"]],
  "source-date-epoch": [["0", "", "1700000000"], ["now"]],
  "rewrite-timestamp": [["true"], ["", "x"]],
  compression: [
    ["uncompressed", "gzip", "estargz", "zstd"],
    ["", "xz", "GZIP"],
  ],
  "force-compression": [["true", "f"], ["x"]],
  "compression-level": [
    ["0", "22"],
    ["", "high"],
  ],
  "containerimage.config": [['{"os":"linux"}'], ["", "null", "[]", "{"]],
  "containerimage.config/linux/amd64": [["{}"], ["null"]],
  "containerimage.base.config": [["{}"], ["x"]],
  "refs.platforms": [['{"Platforms":[]}'], ["x"]],
  "annotation.x": [["", "anything, at all"], []],
};

for (const type of ["image", "oci", "docker"] satisfies ExporterType[]) {
  for (const [key, [right, wrong]] of Object.entries(values)) {
    test(`${type} checks ${key}`, () => {
      const attribute = exporterAttributes(type, [key])[key];
      for (const value of right)
        expect([value, attribute?.empty ?? attribute?.check(value)]).toEqual([value, attribute?.empty]);
      for (const value of wrong) expect([value, typeof attribute?.check(value)]).toEqual([value, "string"]);
    });
  }
}

test("each exporter has its own keys", () => {
  const has = (type: ExporterType, key: string) => Object.hasOwn(exporterAttributes(type, [key]), key);
  const images = [
    "push",
    "push-by-digest",
    "registry.insecure",
    "unpack",
    "store",
    "dangling-name-prefix",
    "name-canonical",
  ];
  for (const key of images)
    expect([has("image", key), has("oci", key), has("local", key)]).toEqual([true, false, false]);
  for (const key of ["tar", "dest"]) expect([has("image", key), has("oci", key)]).toEqual([false, true]);
  expect([has("docker", "context"), has("oci", "context")]).toEqual([true, false]);
  expect([has("local", "mode"), has("tar", "mode")]).toEqual([true, false]);
  for (const key of ["platform-split", "attestation-prefix"]) {
    expect([has("local", key), has("tar", key), has("image", key)]).toEqual([true, true, false]);
  }
  expect([has("local", "annotation.x"), has("local", "containerimage.config")]).toEqual([false, false]);
});
