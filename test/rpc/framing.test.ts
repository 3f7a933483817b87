import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { MessageReader, messageHead, messageLimit } from "../../src/rpc/framing.ts";

function frame(message: Uint8Array): Uint8Array {
  return Uint8Array.from([...messageHead(message.length), ...message]);
}

function readAll(reader: MessageReader, bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { next, message } = reader.read(bytes, at);
    if (message !== undefined) messages.push(message);
    at = next;
  }
  return messages;
}

test("the head is no compression and the length, big-endian", () => {
  expect(messageHead(0x123456)).toEqual(Uint8Array.of(0, 0, 0x12, 0x34, 0x56));
  expect(messageHead(messageLimit)).toEqual(Uint8Array.of(0, 1, 0, 0, 0));
});

test("messages come out whole, however they are cut", () => {
  const messages = [
    Uint8Array.of(1, 2, 3),
    new Uint8Array(),
    new Uint8Array(),
    Uint8Array.from({ length: 300 }, (_, i) => i),
  ];
  const bytes = Uint8Array.from(messages.flatMap((message) => [...frame(message)]));
  for (const size of [1, 2, 3, 4, 5, 6, 7, 11, 64, bytes.length]) {
    const reader = new MessageReader();
    const got: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) got.push(...readAll(reader, bytes.subarray(at, at + size)));
    expect(got).toEqual(messages);
    expect(reader.isEmpty).toBe(true);
  }
});

test("messages that are borrowed are put together in the same memory, but for large ones", () => {
  const reader = new MessageReader();
  reader.isBorrowed = true;
  const [first] = readAll(reader, frame(Uint8Array.of(1, 2, 3)));
  expect(first).toEqual(Uint8Array.of(1, 2, 3));
  const [second] = readAll(reader, frame(Uint8Array.of(4, 5, 6)));
  expect(second?.buffer).toBe(first?.buffer);
  const large = new Uint8Array(1 << 20).fill(7);
  const [kept] = readAll(reader, frame(large));
  expect(kept?.buffer).not.toBe(first?.buffer);
  expect(kept).toEqual(large);
  const grown = Uint8Array.from({ length: 300 }, (_, index) => index);
  expect(readAll(reader, frame(grown))).toEqual([grown]);
});

test("a message is the caller's: it does not share memory with what was read", () => {
  const bytes = frame(Uint8Array.of(7, 8));
  const [message] = readAll(new MessageReader(), bytes);
  bytes.fill(0xee);
  expect(message).toEqual(Uint8Array.of(7, 8));
});

test("a reader inside a message is not empty", () => {
  const reader = new MessageReader();
  readAll(reader, frame(Uint8Array.of(1, 2)).subarray(0, 3));
  expect(reader.isEmpty).toBe(false);
  readAll(reader, frame(Uint8Array.of(1, 2)).subarray(3, 6));
  expect(reader.isEmpty).toBe(false);
});

test.each([
  [[1, 0, 0, 0, 1, 0], "rpc.unimplemented", "the peer sent a compressed message"],
  [
    [0, 1, 0, 0, 1],
    "rpc.resource-exhausted",
    "a message received has 16777217 bytes, more than the 16777216 that BuildKit takes",
  ],
  [[0, 255, 255, 255, 255], "rpc.resource-exhausted", "a message received has 4294967295 bytes"],
])("%p is refused", (bytes, code, message) => {
  const error = caught(() => new MessageReader().read(Uint8Array.from(bytes), 0));
  expect(error.code as string).toBe(code);
  expect(error.message).toContain(message);
});

test("a message to send that is too large is refused", () => {
  expect(caught(() => messageHead(messageLimit + 1)).message).toContain("a message to send has 16777217 bytes");
});

function caught(run: () => unknown): LuakitError {
  try {
    run();
  } catch (error) {
    if (error instanceof LuakitError) return error;
  }
  throw new Error("no LuakitError was thrown");
}
