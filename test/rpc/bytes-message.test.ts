import { expect, test } from "bun:test";
import { BytesMessage } from "../../src/gen/control.ts";
import { bytesMessageData } from "../../src/rpc/bytes-message.ts";

test("the data of a message are a view of it", () => {
  for (const length of [1, 127, 128, 32 * 1024, 3 * 1024 * 1024]) {
    const message = BytesMessage.encode({ data: new Uint8Array(length).fill(7) });
    const data = bytesMessageData(message);
    expect(data.length).toBe(length);
    expect(data[length - 1]).toBe(7);
    expect(data.buffer).toBe(message.buffer);
  }
  expect(bytesMessageData(new Uint8Array())).toEqual(new Uint8Array());
});

test("of a field that comes twice the last counts, and others are left out", () => {
  expect(bytesMessageData(Uint8Array.of(0x0a, 1, 5, 0x0a, 2, 6, 7))).toEqual(Uint8Array.of(6, 7));
  expect(bytesMessageData(Uint8Array.of(0x10, 1, 0x0a, 1, 5))).toEqual(Uint8Array.of(5));
  expect(() => bytesMessageData(Uint8Array.of(0x0a, 9, 5))).toThrow(RangeError);
});
