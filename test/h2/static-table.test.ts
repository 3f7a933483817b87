import { expect, test } from "bun:test";
import { staticFieldIndex, staticNameIndex, staticTable } from "../../src/h2/static-table.ts";

test("every name and every field of the table is found at its first place", () => {
  for (const [place, [name, value]] of staticTable.entries()) {
    const first = staticTable.findIndex(([other]) => other === name) + 1;
    expect(staticNameIndex(name)).toBe(first);
    expect(staticFieldIndex(first, name, value)).toBe(place + 1);
  }
});

test("what is not in the table has no index", () => {
  expect(staticNameIndex("x-new")).toBe(0);
  expect(staticNameIndex("constructor")).toBe(0);
  expect(staticFieldIndex(2, ":method", "PUT")).toBe(0);
  expect(staticFieldIndex(0, "x-new", "")).toBe(0);
});
