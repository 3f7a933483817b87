import { expect, test } from "bun:test";
import { JsonFields } from "../../src/progress/json-fields.ts";

test("names are taken by any case, absent and null members are empty", () => {
  const fields = new JsonFields({ Name: "x", COUNT: 3, flag: null, list: [{ a: "YQ==" }], texts: ["b"] }, "");
  expect([fields.text("name"), fields.number("count"), fields.flag("flag"), fields.has("flag")]).toEqual([
    "x",
    3,
    false,
    false,
  ]);
  expect([fields.text("none"), fields.number("none"), fields.texts("none")]).toEqual(["", 0, []]);
  expect(fields.objects("list").map((item) => [...item.bytes("A")])).toEqual([[97]]);
  expect(fields.texts("TEXTS")).toEqual(["b"]);
  expect(fields.object("none")).toBeUndefined();
});

test("what is wrong is said with its place", () => {
  const fields = new JsonFields({ a: [{ b: { c: 1 } }] }, "top");
  expect(() => fields.objects("a")[0]?.object("b")?.text("c")).toThrow("top.a[0].b.c: expected a string, got a number");
  expect(() => fields.bytesList("a")).toThrow("top.a: expected strings, got an object");
});
