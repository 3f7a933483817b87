import { expect, test } from "bun:test";
import { LogTail } from "../../src/progress/log-tail.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (tail: LogTail, most: number) => new TextDecoder().decode(tail.newest(most));

test("gives the newest bytes in order", () => {
  const tail = new LogTail();
  for (const part of ["one ", "two ", "", "three"]) tail.append(bytes(part), 1);
  expect(text(tail, 100)).toBe("one two three");
  expect(text(tail, 5)).toBe("three");
  expect(tail.total).toBe(13);
});

test("keeps 256 KiB of whatever comes, in pieces of any size", () => {
  const limit = 256 * 1024;
  const stream = new Uint8Array(3 * limit + 777).map((_, index) => (index * 31 + (index >> 8)) & 255);
  for (const size of [1000, 65_536, limit - 1, limit, limit + 1, stream.length]) {
    const tail = new LogTail();
    for (let start = 0; start < stream.length; start += size) tail.append(stream.subarray(start, start + size), start);
    expect(tail.total).toBe(stream.length);
    expect(Buffer.compare(tail.newest(limit * 2), stream.subarray(-limit))).toBe(0);
    expect(Buffer.compare(tail.newest(100), stream.subarray(-100))).toBe(0);
  }
});

test("does not keep the message's own bytes", () => {
  const tail = new LogTail();
  const message = bytes("abc");
  tail.append(message, 1);
  message.fill(0);
  expect(text(tail, 3)).toBe("abc");
});

test("knows when a byte came, even after very many messages", () => {
  const tail = new LogTail();
  for (let time = 0; time < 20_000; time++) tail.append(bytes("0123456789"), time);
  expect(tail.timeAt(199_995)).toBe(19_999);
  expect(tail.timeAt(190_000)).toBe(19_000);
});
