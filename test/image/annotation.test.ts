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
  ["other:k", ["annotation.other:k"]],
])("%s becomes %p", (key, expected) => {
  expect(attributes(key)).toEqual(expected);
});

test.each(["", "a b", "a=b", "index[linux/amd64]:k", "manifst:k", "manifest,idnex:k"])("%p is refused", (key) => {
  expect(failureOf(() => attributes(key)).code).toBe("image.config");
});
