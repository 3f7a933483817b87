import { expect, test } from "bun:test";
import { likelyImages } from "../../src/script/likely-images.ts";

test("images are those of literals, each once and complete", () => {
  const text = `local a = bk.image("busybox")\nlocal b = bk.image 'r.example.com/b:1'\nbk.export(bk.image( "busybox" ))`;
  expect(likelyImages(text)).toEqual(["docker.io/library/busybox:latest", "r.example.com/b:1"]);
});

test("what has options, is put together, is no reference or stands in a comment is not known", () => {
  const text = `bk.image("a", {platform = "linux/arm64"}) bk.image("b" .. c) bk.image("No!") -- bk.image("d")`;
  expect(likelyImages(text)).toEqual([]);
});

test("scripts with targets or with many images tell nothing", () => {
  expect(likelyImages(`bk.target("a", {}, function() return bk.image("a") end)`)).toEqual([]);
  expect(likelyImages(["a", "b", "c", "d"].map((name) => `bk.image("${name}")`).join("\n"))).toEqual([]);
});
