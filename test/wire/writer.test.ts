import { expect, test } from "bun:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Writer } from "../../src/wire/writer.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function written(write: (writer: Writer) => void): string {
  const writer = new Writer(1);
  write(writer);
  return hex(writer.view(0));
}

test.each([1, 127, 128, 300, 2 ** 31, 2 ** 32 + 5, 2 ** 40, Number.MAX_SAFE_INTEGER, -1, -2, -(2 ** 40)])(
  "the number %p",
  (value) => {
    const reference = new BinaryWriter().tag(20, WireType.Varint).int64(value).finish();
    expect(written((writer) => writer.number(20, value))).toBe(hex(reference));
    expect(written((writer) => writer.number(20, BigInt(value)))).toBe(hex(reference));
  },
);

test("defaults are left out", () => {
  const nothing = written((writer) => {
    writer.number(1, 0);
    writer.number(1, 0n);
    writer.flag(2, false);
    writer.text(3, "");
    writer.data(4, new Uint8Array());
    writer.packed(5, []);
    writer.texts(6, []);
  });
  expect(nothing).toBe("");
});

test.each([
  "a",
  "x".repeat(127),
  "x".repeat(128),
  "é",
  "é".repeat(100),
  `${"x".repeat(100)}é`,
  "😀".repeat(5000),
  "x".repeat(70_000),
])("a text, however long and in whatever script", (text) => {
  const reference = new BinaryWriter().tag(3, WireType.LengthDelimited).string(text).finish();
  expect(written((writer) => writer.text(3, text))).toBe(hex(reference));
});

test.each([0, 1, 127, 128, 16383, 16384, 70_000])("a message of %p bytes has its length before it", (size) => {
  const data = new Uint8Array(size).fill(7);
  const actual = written((writer) => {
    const mark = writer.begin(2);
    writer.raw(data);
    writer.end(mark);
  });
  expect(actual).toBe(hex(new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(data).finish()));
});

test("entries of maps have key and value even when they are empty", () => {
  expect(written((writer) => writer.map(2, [["", ""]]))).toBe("12040a001200");
});

test("what was truncated is gone", () => {
  const writer = new Writer();
  writer.text(1, "kept");
  const before = writer.length;
  writer.text(1, "dropped");
  writer.truncate(before);
  expect(Buffer.from(writer.view(2)).toString()).toBe("kept");
});

test("text that is not Unicode is refused", () => {
  expect(() => written((writer) => writer.text(1, "\ud800"))).toThrow("not valid UTF-8");
});

test.each([2 ** 64, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2n ** 64n])(
  "%p is no number of 64 bits",
  (value) => {
    expect(() => new Writer().number(1, value)).toThrow("has more than 64 bits");
  },
);
