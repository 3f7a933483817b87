import { expect, test } from "bun:test";
import { type Replacement, replaceImage, replaceLocal } from "../../src/api/replacement.ts";
import { git } from "../../src/llb/source-git.ts";
import type { State } from "../../src/llb/state.ts";

const platform = { os: "linux", architecture: "amd64" };
const location = { source: { name: "build.lua", data: "" }, line: 3 };
const repository: Replacement = { type: "state", make: (_, context) => git("https://host/x.git", {}, context) };
const image: Replacement = { type: "image", reference: "docker.io/library/alpine:latest" };
const directory: Replacement = {
  type: "local",
  name: "files",
  exclude: ["x"],
  sharedKeyHint: "own",
  sessionId: "other",
};

function sourceOf({ output }: State) {
  const op = output?.vertex.op;
  return op?.type === "source" ? { identifier: op.identifier, ...Object.fromEntries(op.attributes) } : op?.type;
}

test("what takes a directory's place is made at the line that asks for it", () => {
  const state = replaceLocal(repository, {}, platform, { location });
  expect(state.output?.vertex).toMatchObject({ op: { identifier: "git://host/x.git" }, location });
});

test("options that choose files copy these, and others of a transfer mean nothing", () => {
  const chosen = replaceLocal(repository, { include: ["a"], exclude: ["b"], followPaths: ["c"] }, platform, {
    location,
  });
  expect(chosen.output?.vertex.op).toMatchObject({
    type: "file",
    actions: [{ type: "copy", source: "/", dest: "/", include: ["a", "c"], exclude: ["b"] }],
  });
  const plain = replaceLocal(repository, { sharedKeyHint: "x", differ: "none" }, platform, {});
  expect(sourceOf(plain)).toMatchObject({ identifier: "git://host/x.git" });
  expect(() => replaceLocal(repository, { metadataOnly: true }, platform, {})).toThrow("metadata_only");
});

test("another directory brings its own ignore file, key and session, and the script's options count", () => {
  expect(sourceOf(replaceLocal(directory, { include: ["a"], exclude: ["b"] }, platform, {}))).toMatchObject({
    identifier: "local://files",
    "local.includepattern": '["a"]',
    "local.excludepatterns": '["x","b"]',
    "local.sharedkeyhint": "own",
    "local.session": "other",
  });
});

test("an image that takes an image's place keeps what the script says of it", () => {
  const arm = { os: "linux", architecture: "arm64" };
  const state = replaceImage(image, { platform: arm, resolve: "always", layerLimit: 1 }, platform, {});
  expect(sourceOf(state)).toMatchObject({ "image.resolvemode": "pull", "image.layerlimit": "1" });
  expect(state).toMatchObject({
    platform: arm,
    base: { op: { identifier: "docker-image://docker.io/library/alpine:latest" } },
  });
});

test("what is no image has neither checksum nor layers", () => {
  const checksum = `sha256:${"a".repeat(64)}`;
  expect(() => replaceImage(repository, { checksum }, platform, {})).toThrow('option "checksum"');
  expect(() => replaceImage(directory, { layerLimit: 1 }, platform, {})).toThrow('option "layer_limit"');
});
