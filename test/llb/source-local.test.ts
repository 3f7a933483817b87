import { expect, test } from "bun:test";
import { local } from "../../src/llb/source-local.ts";
import { attributes, define, lastOp } from "./sample.ts";

test("a local source has no id of its own unless one is given, so the same script gives the same bytes", () => {
  expect(attributes(local("context", {}, {}))).toEqual({});
  const { op } = lastOp(local("context", { include: ["a"] }, {}), { localUniqueId: "u" });
  expect(op.value).toMatchObject({ attrs: { "local.unique": "u", "local.includepattern": '["a"]' } });
});

test("empty lists and false are as if not given", () => {
  expect(
    attributes(local("context", { include: [], exclude: [], metadataOnly: false, sharedKeyHint: "" }, {})),
  ).toEqual({});
});

test("a daemon must know what is asked for, but not what is only preferred", () => {
  const capsOf = (differ: "none" | "prefer-none") => define(local("context", { differ }, {})).ops[0]?.caps;
  expect(capsOf("none")).toEqual(["source.local", "source.local.differ"]);
  expect(capsOf("prefer-none")).toEqual(["source.local"]);
  expect(attributes(local("context", { differ: "prefer-none" }, {}))).toEqual({ "local.differ": "none" });
});

test.each([
  ["", {}, "needs a name"],
  ["a\0", {}, "NUL"],
  ["context", { include: [""] }, "include: a pattern is empty"],
  ["context", { metadataOnly: [""] }, "metadata_only: a pattern is empty"],
])("local(%p, %p) is refused", (name, options, message) => {
  expect(() => local(name, options, {})).toThrow(message);
});
