import { expect, test } from "bun:test";
import { formatMetadata } from "../../src/client/metadata-file.ts";

const encode = (text: string) => Buffer.from(text).toString("base64");

test("objects in base64 are written as objects, keys in order, as buildctl does", () => {
  const text = formatMetadata({
    "image.name": "docker.io/library/app:1",
    "containerimage.digest": "sha256:abc",
    "containerimage.descriptor": encode(
      '{"mediaType":"m","digest":"sha256:abc","size":7,"annotations":{"z":"1","a":"2"}}',
    ),
    "frontend.x": "plain",
  });
  expect(text).toBe(`{
  "containerimage.descriptor": {
    "mediaType": "m",
    "digest": "sha256:abc",
    "size": 7,
    "annotations": {
      "z": "1",
      "a": "2"
    }
  },
  "containerimage.digest": "sha256:abc",
  "frontend.x": "plain",
  "image.name": "docker.io/library/app:1"
}`);
});

test.each([
  ["", ""],
  ["true", "true"],
  ["abcd", "abcd"],
  ["text", encode("text")],
  ["an empty object", encode("{}")],
  ["a list", encode('[{"a":1}]')],
  ["null", encode("null")],
  ["no padding", encode('{"a":1}').replace(/=+$/, "")],
  ["JSON itself", '{"a":1}'],
])("%s stays text", (_, value) => {
  expect(JSON.parse(formatMetadata({ key: value }))).toEqual({ key: value });
});

test("no character means something to HTML", () => {
  const text = formatMetadata({ key: "<a>&\u2028" });
  expect(text).toContain("\\u003ca\\u003e\\u0026\\u2028");
  expect(JSON.parse(text)).toEqual({ key: "<a>&\u2028" });
});

test("nothing is an empty object", () => {
  expect(formatMetadata({})).toBe("{}");
});
