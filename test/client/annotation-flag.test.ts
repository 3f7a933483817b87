import { expect, test } from "bun:test";
import { annotationAttributesOf, withoutFlags } from "../../src/client/annotation-flag.ts";
import { complaintOf, plain } from "./flags.ts";

// The attributes are those that buildx makes of the same values.
test.each([
  ["a=b", { "annotation.a": "b" }],
  ["com.example=a", { "annotation.com.example": "a" }],
  ["a=", { "annotation.a": "" }],
  ["a=b=c", { "annotation.a": "b=c" }],
  ["url=https://x:80/", { "annotation.url": "https://x:80/" }],
  ["Key.UPPER=1", { "annotation.Key.UPPER": "1" }],
  ["manifest:k=v", { "annotation-manifest.k": "v" }],
  ["index:k=v", { "annotation-index.k": "v" }],
  ["manifest-descriptor:k=v", { "annotation-manifest-descriptor.k": "v" }],
  ["index-descriptor:k=v", { "annotation-index-descriptor.k": "v" }],
  ["manifest[linux/amd64]:k=v", { "annotation-manifest[linux/amd64].k": "v" }],
  ["manifest[linux/arm/v7]:a:b=v", { "annotation-manifest[linux/arm/v7].a:b": "v" }],
  ["index,manifest[linux/amd64]:k=v", { "annotation-index.k": "v", "annotation-manifest[linux/amd64].k": "v" }],
])("%s", (value, attributes) => {
  expect(plain(annotationAttributesOf([value]))).toEqual(attributes);
});

test("the last value of a key counts", () => {
  expect(plain(annotationAttributesOf(["a=1", "b=2", "a=3"]))).toEqual({ "annotation.a": "3", "annotation.b": "2" });
});

test.each([
  ["a", "it is not KEY=VALUE"],
  ["=b", "the key is empty"],
  ["index:=b", "the key is empty"],
  ["k k=v", "the key has white space"],
  ["bad:x=y", '"bad" is no level'],
  [":x=y", '"" is not LEVEL or LEVEL[PLATFORM]'],
  [" manifest:k=v", '" manifest" is not LEVEL'],
  ["manifest[a b]:k=v", "is not LEVEL or LEVEL[PLATFORM]"],
  ["manifest[linux]:k=v", '"linux" is not a platform'],
  ["index[linux/amd64]:k=v", "an index has no platform"],
])("%j is refused: %s", (value, complaint) => {
  expect(complaintOf(() => annotationAttributesOf([value]))).toContain(complaint);
});

test("a flag goes before the script, however each names the manifest", () => {
  const script = new Map(
    ["annotation.a", "annotation-manifest.b", "annotation[linux/amd64].c", "annotation-index.a"].map((key) => [
      key,
      "s",
    ]),
  );
  const flags = annotationAttributesOf(["manifest:a=f", "b=f", "manifest[linux/amd64]:c=f"]);
  expect([...withoutFlags(script, flags).keys()]).toEqual(["annotation-index.a"]);
  expect([...withoutFlags(script, new Map()).keys()]).toEqual([...script.keys()]);
});
