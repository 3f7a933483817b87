import { describe, expect, test } from "bun:test";
import { HeaderBlock } from "../../src/h2/header-block.ts";

const text = (value: string) => Buffer.from(value);
const endStream = 1;
const endHeaders = 4;
const padded = 8;
const priority = 32;

function take(flags: number, payload: Uint8Array): string | undefined {
  const block = new HeaderBlock(1000).start(5, flags | endHeaders, payload);
  return block === undefined ? undefined : Buffer.from(block).toString();
}

describe("a single frame", () => {
  test("is the block, without padding and priority", () => {
    expect(take(0, text("block"))).toBe("block");
    expect(take(padded, text("\x03blockxxx"))).toBe("block");
    expect(take(priority, text("\0\0\0\x01\x10block"))).toBe("block");
    expect(take(padded | priority, text("\x02\0\0\0\x01\x10blockxx"))).toBe("block");
    expect(take(padded, text("\x00"))).toBe("");
  });

  test("with more padding than it has is wrong", () => {
    expect(() => take(padded, text("\x05abcd"))).toThrow("padding");
    expect(() => take(padded, text(""))).toThrow("padding");
    expect(() => take(padded | priority, text("\x01\0\0\0\x01\x10"))).toThrow("padding");
    expect(() => take(priority, text("\0\0\0\x05\x10"))).toThrow("itself");
  });
});

test("several frames are put together, from copies", () => {
  const block = new HeaderBlock(1000);
  const first = text("one ");
  expect(block.start(5, endStream, first)).toBeUndefined();
  expect(block.id).toBe(5);
  first.fill(0);
  expect(block.continue(5, 0, text("two "))).toBeUndefined();
  expect(block.continue(5, 0, text(""))).toBeUndefined();
  expect(Buffer.from(block.continue(5, endHeaders, text("three")) ?? []).toString()).toBe("one two three");
  expect([block.id, block.endsStream]).toEqual([0, true]);
  expect(() => block.continue(5, endHeaders, text("four"))).toThrow("without HEADERS");
});

test("blocks above the limit, or in too many empty frames, are refused", () => {
  const large = new HeaderBlock(1000);
  large.start(5, 0, Buffer.alloc(600));
  expect(() => large.continue(5, endHeaders, Buffer.alloc(401))).toThrow(expect.objectContaining({ code: 11 }));
  const empty = new HeaderBlock(1000);
  empty.start(5, 0, text(""));
  expect(() => {
    for (let count = 0; count < 17; count++) empty.continue(5, 0, text(""));
  }).toThrow(expect.objectContaining({ code: 11 }));
});
