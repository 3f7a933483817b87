import { expect, test } from "bun:test";
import { parseOwner } from "../../../src/api/kinds/owner.ts";
import { probeAction } from "../evaluate.ts";

test.each([
  ["app", { user: "app" }],
  ["app:staff", { user: "app", group: "staff" }],
  ["1000:1000", { user: 1000, group: 1000 }],
  ["1000", { user: 1000 }],
  [":staff", { group: "staff" }],
])("%s", (text, owner) => {
  expect(parseOwner(text)).toEqual(owner);
});

test.each(["", ":", "app:", "a:b:c", "a b", "4294967295"])('"%s" is no owner', (text) => {
  expect(() => parseOwner(text)).toThrow();
});

test("numbers and tables are owners too", () => {
  const ownerOf = (value: string) => probeAction(`bk.export(bk.image("alpine"):mkdir("/a", {owner = ${value}}))`);
  expect(ownerOf("1000")).toMatchObject({ owner: { user: 1000 } });
  expect(ownerOf('{group = "staff"}')).toMatchObject({ owner: { group: "staff" } });
  expect(ownerOf('{user = "1000", group = 7}')).toMatchObject({ owner: { user: 1000, group: 7 } });
});
