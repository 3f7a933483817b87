import { expect, test } from "bun:test";
import { parseOwner } from "../../src/llb/owner.ts";

test.each([
  ["app", { user: "app", group: undefined }],
  ["app:staff", { user: "app", group: "staff" }],
  ["1000:1000", { user: 1000, group: 1000 }],
  ["root", { user: 0, group: undefined }],
  ["0:app", { user: 0, group: "app" }],
])("%p", (text, owner) => {
  expect(parseOwner(text)).toEqual(owner);
});

test("a table's parts are read like text", () => {
  expect(parseOwner({ user: "1000", group: "staff" })).toEqual({ user: 1000, group: "staff" });
});

test.each(["", "app:", ":staff", "a:b:c", "a b", "-1", "4294967296"])("%p is no owner", (text) => {
  expect(() => parseOwner(text)).toThrow("owner");
});

test("an empty table is no owner", () => {
  expect(() => parseOwner({})).toThrow("neither user nor group");
});
