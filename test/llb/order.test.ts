import { expect, test } from "bun:test";
import { compareBytes, sortedEntries } from "../../src/llb/order.ts";

test("texts are ordered as their UTF-8 bytes are", () => {
  const texts = ["b", "a", "", "ab", "B", "é", "ﬀ", "😀", "z", "\u{10ffff}", "\ue000", "日本"];
  const byBytes = [...texts].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  expect([...texts].sort(compareBytes)).toEqual(byBytes);
});

test("entries of a map are ordered by their keys", () => {
  const map = new Map([
    ["b", 1],
    ["a", 2],
  ]);
  expect(sortedEntries(map)).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});
