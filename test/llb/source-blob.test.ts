import { expect, test } from "bun:test";
import { blob } from "../../src/llb/source-blob.ts";
import { lastOp, sha } from "./sample.ts";

test("a blob of a registry has no store, one of a layout has", () => {
  expect(lastOp(blob(`example.com/a@${sha}`, {}, {})).op.value).toMatchObject({
    identifier: `docker-image+blob://example.com/a@${sha}`,
    attrs: {},
  });
  expect(lastOp(blob(`a@${sha}`, { ociLayout: "store" }, {})).op.value).toMatchObject({
    identifier: `oci-layout+blob://docker.io/library/a@${sha}`,
    attrs: { "oci.store": "store" },
  });
});

test("a blob needs a digest", () => {
  expect(() => blob("example.com/a:1", {}, {})).toThrow("no digest");
});
