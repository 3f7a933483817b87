import { expect, test } from "bun:test";
import { decodePercent, encodePercent } from "../../src/rpc/percent.ts";

test.each([
  ["plain text, with ~!{}", "plain text, with ~!{}"],
  ["100%", "100%25"],
  ["two\nlines", "two%0Alines"],
  ["grün 🚀", "gr%C3%BCn %F0%9F%9A%80"],
  ["\ufeffmarked", "%EF%BB%BFmarked"],
  ["", ""],
])("%j is encoded as %j", (text, encoded) => {
  expect(encodePercent(text)).toBe(encoded);
  expect(decodePercent(encoded)).toBe(text);
});

test("what is not well encoded stays", () => {
  expect(decodePercent("50% and %zz %4")).toBe("50% and %zz %4");
  expect(decodePercent("%c3%bc %0a")).toBe("ü \n");
  expect(decodePercent("%ff")).toBe("\ufffd");
});

test("a lone surrogate is replaced", () => {
  expect(encodePercent("\ud800")).toBe("%EF%BF%BD");
});
