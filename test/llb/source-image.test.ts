import { expect, test } from "bun:test";
import { isDigest } from "../../src/llb/digest.ts";
import { image, imageReference } from "../../src/llb/source-image.ts";
import type { Vertex } from "../../src/llb/vertex.ts";
import { lastOp, sha } from "./sample.ts";

test.each(["alpine", "alpine:3", "library/alpine:3", "docker.io/library/alpine", "docker.io/Library/a:1", ""])(
  "%p is no complete reference",
  (reference) => {
    expect(() => image(reference, {}, {})).toThrow();
  },
);

test.each([
  [{ layerLimit: 0 }, "layer_limit"],
  [{ checksum: "x" }, "checksum"],
])("%p is refused", (options, message) => {
  expect(() => image("docker.io/library/alpine:3", options, {})).toThrow(message);
});

test("a pinned image is written with the digest that it has now", () => {
  const digestOf = (_: Vertex, isAsked: boolean) => (isAsked && isDigest(sha) ? sha : undefined);
  const pinned = image("docker.io/library/alpine:3", { resolveDigest: true }, {});
  expect(lastOp(pinned, { digestOf }).op.value).toMatchObject({
    identifier: `docker-image://docker.io/library/alpine:3@${sha}`,
  });
  expect(lastOp(pinned).op.value).toMatchObject({ identifier: "docker-image://docker.io/library/alpine:3" });
  const plain = image("docker.io/library/alpine:3", {}, {});
  expect(lastOp(plain, { digestOf }).op.value).toMatchObject({
    identifier: "docker-image://docker.io/library/alpine:3",
  });
});

test("the state descends from the image", () => {
  const state = image("docker.io/library/alpine:3", {}, {});
  expect(state.base).toBe(state.output?.vertex);
  expect(state.base?.op.type === "source" && imageReference(state.base.op)).toBe("docker.io/library/alpine:3");
});
