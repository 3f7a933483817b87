import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { copyAction } from "../../src/llb/action-copy.ts";
import { run } from "../../src/llb/exec.ts";
import { fileOp } from "../../src/llb/file.ts";
import { imageReference, image as imageSource } from "../../src/llb/source-image.ts";
import { type State, scratch } from "../../src/llb/state.ts";
import { baseImagesOf, type ImageResolver, resolveBaseImages, runtimeConfigOf } from "../../src/script/base-images.ts";

const location = { source: { name: "build.lua", data: "a\nb\n" }, line: 2 };
const image = (name: string, options = {}) => imageSource(`docker.io/library/${name}:1`, options, { location });
const names = (state: State) =>
  baseImagesOf(state)
    .map(({ op }) => (op.type === "source" ? imageReference(op) : undefined))
    .sort();
const noLayers = { type: "layers", diff_ids: [] } as const;
const platform = { os: "linux", architecture: "amd64" };

test("the images that steps and the result stand on matter, those that files are copied from do not", () => {
  const tools = image("tools");
  const built = run(image("builder"), "make", {}, {});
  const state = fileOp(
    image("runtime"),
    [...copyAction(built, "/a", "/a", {}), ...copyAction(tools, "/b", "/b", {})],
    {},
  );
  expect(names(state)).toEqual(["docker.io/library/builder:1", "docker.io/library/runtime:1"]);
  expect(names(scratch)).toEqual([]);
});

test("an image matters when a relative path is copied from it, or when it is pinned", () => {
  expect(names(fileOp(scratch, copyAction(image("tools"), "b", "/b", {}), {}))).toEqual(["docker.io/library/tools:1"]);
  const pinned = image("tools", { resolveDigest: true });
  expect(names(fileOp(scratch, copyAction(pinned, "/b", "/b", {}), {}))).toEqual(["docker.io/library/tools:1"]);
});

test("a long chain of steps is walked without recursion", () => {
  let state = image("base");
  for (let step = 0; step < 50_000; step++) state = run(state, "true", {}, {});
  expect(names(state)).toEqual(["docker.io/library/base:1"]);
});

test("all images are asked for at once, each for its own platform", async () => {
  const asked: string[] = [];
  const resolver: ImageResolver = {
    resolve: async (reference, { architecture }, mode) => {
      asked.push(`${reference} ${architecture} ${mode}`);
      return { digest: reference, config: { architecture, os: "linux", config: {}, rootfs: noLayers } };
    },
  };
  const arm = image("arm", { platform: { os: "linux", architecture: "arm64" } });
  const images = [...baseImagesOf(arm), ...baseImagesOf(image("host", { resolve: "always" }))];
  const resolved = await resolveBaseImages(images, platform, resolver);
  expect(asked).toEqual(["docker.io/library/arm:1 arm64 default", "docker.io/library/host:1 amd64 pull"]);
  expect([...resolved.values()].map(({ digest }) => digest)).toEqual([
    "docker.io/library/arm:1",
    "docker.io/library/host:1",
  ]);
});

test("a failure is at the line that named the image", async () => {
  const resolver: ImageResolver = { resolve: () => Promise.reject(new LuakitError("image.resolve", "gone")) };
  const failure = await resolveBaseImages(baseImagesOf(image("a")), platform, resolver).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ message: "gone", position: { file: "build.lua", line: 2 } });
});

test("a config says how steps start", () => {
  const rootfs = { type: "layers", diff_ids: [] } as const;
  const config = { Env: ["A=1"], WorkingDir: "/w", User: "app" };
  const start = { architecture: "amd64", os: "linux", rootfs };
  expect(runtimeConfigOf({ ...start, config })).toEqual({ env: ["A=1"], workingDir: "/w", user: "app" });
  expect(runtimeConfigOf({ ...start, config: {} })).toEqual({ env: [], workingDir: "", user: "" });
});
