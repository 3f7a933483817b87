import { expect, test } from "bun:test";
import { keysOfImage, keysOfLocal } from "../../src/script/context-names.ts";

const arm = { os: "linux", architecture: "arm", variant: "v7" };

test("an image is looked for by the name that people write, for its platform first", () => {
  expect(keysOfImage("docker.io/library/base:latest", arm)).toEqual(["base::linux/arm/v7", "base"]);
  expect(keysOfImage("docker.io/me/base:3", { os: "linux", architecture: "arm64", variant: "v8" })).toEqual([
    "me/base:3::linux/arm64",
    "me/base:3",
  ]);
});

test("a directory is looked for by its own name", () => {
  expect(keysOfLocal("My Files", arm)).toEqual(["My Files::linux/arm/v7", "My Files"]);
});
