import { expect, test } from "bun:test";
import { annotationAttributes } from "../../src/image/annotation.ts";
import { failureOf } from "./failure.ts";

const attributes = (key: string) => [...annotationAttributes(new Map([[key, "v"]])).keys()];

test.each([
  ["org.opencontainers.image.title", ["annotation.org.opencontainers.image.title"]],
  ["index:k", ["annotation-index.k"]],
  ["manifest,index:k", ["annotation-index.k", "annotation-manifest.k"]],
  ["manifest[linux/amd64]:k", ["annotation-manifest[linux/amd64].k"]],
  ["manifest-descriptor:k", ["annotation-manifest-descriptor.k"]],
  ["index,manifest[linux/arm/v7]:k", ["annotation-index.k", "annotation-manifest[linux/arm/v7].k"]],
  ["com.example:k", ["annotation.com.example:k"]],
  ["com.example/team:k", ["annotation.com.example/team:k"]],
])("%s becomes %p", (key, expected) => {
  expect(attributes(key)).toEqual(expected);
});

test.each([
  ["", "the key is empty"],
  ["index:", "the key is empty"],
  ["a b", "a key has no white space and no ="],
  ["a=b", "a key has no white space and no ="],
  ["index[linux/amd64]:k", "an index has no platform"],
  ["manifst:k", 'did you mean "manifest" by "manifst"?'],
  ["manifest,idnex:k", 'did you mean "index" by "idnex"?'],
  ["foo:bar", '"foo" is no level: index, index-descriptor, manifest, manifest-descriptor'],
  ["manifest[linux/amd64:x", '"manifest[linux/amd64" is not LEVEL or LEVEL[PLATFORM]'],
  ["manifest[linux.amd64]:x", '"manifest[linux.amd64]" is not LEVEL or LEVEL[PLATFORM]'],
  [":x", '"" is not LEVEL or LEVEL[PLATFORM]'],
  ["manifest[nope]:k", '"nope" is not a platform'],
])("%p is refused", (key, why) => {
  const error = failureOf(() => attributes(key));
  expect(error.code).toBe("image.config");
  expect(error.message).toBe(`option "annotations": "${key}" is not an annotation key: ${why}`);
});

test("a hint says how keys are written", () => {
  expect(failureOf(() => attributes("foo:k")).hint).toBe("write KEY, or index:KEY, or manifest[linux/amd64]:KEY");
  expect(failureOf(() => attributes("manifest[arm64]:k")).hint).toBe('write "linux/arm64"');
});
