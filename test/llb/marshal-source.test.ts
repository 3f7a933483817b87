import { expect, test } from "bun:test";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { marshalSource } from "../../src/llb/marshal-source.ts";
import { image } from "../../src/llb/source-image.ts";
import { local } from "../../src/llb/source-local.ts";
import { scratch, withMetadata } from "../../src/llb/state.ts";

const source = { name: "build.lua", data: "bk.local_(1)" };
const place = { source, line: 1, caller: undefined };
const options = { platform: { os: "linux", architecture: "arm64" }, localUniqueId: "session" };

const states = {
  "a directory": local("src", {}, {}),
  "some of its files": local(
    "src",
    { followPaths: ["b", "a"], include: ["*.x"], sharedKeyHint: "k", differ: "none" },
    {},
  ),
  "that of another session": local("src", { sessionId: "other" }, {}),
  "one with a title, from a line": withMetadata(local("src", {}, { location: place }), { name: "title" }),
  "an image of the platform": image("docker.io/library/a:1", {}, {}),
};

test.each(Object.entries(states))("%s has the bytes that marshal gives it", (_, state) => {
  const expected = marshal(state, options);
  const made = marshalSource(state, options);
  expect(encodeDefinition(made)).toEqual(encodeDefinition(expected));
  expect([made.result?.op.digest, made.terminal]).toEqual([expected.result?.op.digest, expected.terminal]);
});

test("what is no source is refused", () => {
  expect(() => marshalSource(scratch, options)).toThrow("no source");
});
