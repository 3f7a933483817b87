import { expect, test } from "bun:test";
import { ociLayout } from "../../src/llb/source-oci-layout.ts";
import { lastOp, sha } from "./sample.ts";

test.each([
  [`base@${sha}`, `oci-layout://docker.io/library/base@${sha}`, "base"],
  [`base:v1@${sha}`, `oci-layout://docker.io/library/base@${sha}`, "base"],
  [`a/b@${sha}`, `oci-layout://docker.io/a/b@${sha}`, "a/b"],
  [`localhost:5000/b:v1@${sha}`, `oci-layout://localhost:5000/b@${sha}`, "localhost:5000/b"],
])("%s", (reference, identifier, store) => {
  expect(lastOp(ociLayout(reference, {}, {})).op.value).toMatchObject({ identifier, attrs: { "oci.store": store } });
});

test.each(["base", "base:v1", "base@sha256:abc", `@${sha}`, `a b@${sha}`])("%p is refused", (reference) => {
  expect(() => ociLayout(reference, {}, {})).toThrow();
});
