import { expect, test } from "bun:test";
import { HeaderDecoder } from "../../src/h2/header-decoder.ts";
import { HeaderEncoder } from "../../src/h2/header-encoder.ts";
import type { HeaderList } from "../../src/h2/header-list.ts";
import { openRandom } from "./random.ts";

function hex(encoder: HeaderEncoder, headers: HeaderList): string {
  return Buffer.from(encoder.encode(headers)).toString("hex");
}

test("RFC 7541 appendix C.3: requests without Huffman codes", () => {
  const encoder = new HeaderEncoder();
  const start: HeaderList = [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
  ];
  expect(hex(encoder, start)).toBe("828684410f7777772e6578616d706c652e636f6d");
  expect(hex(encoder, [...start, ["cache-control", "no-cache"]])).toBe("828684be58086e6f2d6361636865");
  const last: HeaderList = [
    [":method", "GET"],
    [":scheme", "https"],
    [":path", "/index.html"],
    [":authority", "www.example.com"],
    ["custom-key", "custom-value"],
  ];
  expect(hex(encoder, last)).toBe("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565");
});

test("RFC 7541 appendix C.5: responses with evictions", () => {
  const encoder = new HeaderEncoder();
  encoder.limitTable(256);
  const fields = (status: string): HeaderList => [
    [":status", status],
    ["cache-control", "private"],
    ["date", "Mon, 21 Oct 2013 20:13:21 GMT"],
    ["location", "https://www.example.com"],
  ];
  const first =
    "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d";
  // The table's new size comes first.
  expect(hex(encoder, fields("302"))).toBe(`3fe101${first}`);
  expect(hex(encoder, fields("307"))).toBe("4803333037c1c0bf");
});

test("a table made smaller and larger between two blocks is announced with both sizes", () => {
  const encoder = new HeaderEncoder();
  encoder.encode([["a", "b"]]);
  encoder.limitTable(0);
  encoder.limitTable(100);
  expect(hex(encoder, [["a", "b"]])).toBe("203f4540016101 62".replace(" ", ""));
  expect(hex(encoder, [["a", "b"]])).toBe("be");
});

test("a table that was small in between is emptied, as Go's decoder wants it", () => {
  const encoder = new HeaderEncoder();
  encoder.encode([["a", "b"]]);
  encoder.limitTable(50);
  encoder.limitTable(100);
  expect(hex(encoder, [["a", "b"]])).toBe("203f454001610162");
});

test("a table larger than the default is not used", () => {
  const encoder = new HeaderEncoder();
  encoder.limitTable(1 << 20);
  expect(hex(encoder, [[":method", "GET"]])).toBe("82");
});

test("secrets are never indexed, and values that change are not", () => {
  const encoder = new HeaderEncoder();
  const decoder = new HeaderDecoder(4096, 1 << 20);
  const headers: HeaderList = [
    ["authorization", "secret"],
    ["grpc-timeout", "1S"],
    ["x-large", "x".repeat(2000)],
  ];
  const block = encoder.encode(headers);
  expect((block[0] ?? 0) & 0xf0).toBe(0x10);
  expect(decoder.decode(block)).toEqual(headers);
  expect(() => decoder.decode(Buffer.of(0xbe))).toThrow("index");
});

test("what is encoded decodes to the same fields, with tables of any size", () => {
  const random = openRandom(7541);
  const encoder = new HeaderEncoder();
  const decoder = new HeaderDecoder(4096, 1 << 20);
  const pick = (alphabet: string, longest: number) => {
    const letters = [...alphabet];
    return Array.from({ length: random(longest) }, () => letters[random(letters.length)]).join("");
  };
  for (let round = 0; round < 2000; round++) {
    if (random(20) === 0) encoder.limitTable(random(5000));
    if (random(40) === 0) encoder.limitTable(random(300));
    const headers = Array.from({ length: random(12) }, (): [string, string] => {
      const name = `x-${pick("abc", 3)}`;
      return random(10) === 0 ? [name, pick("aü€😀", 1500)] : [name, pick("0123", 3)];
    });
    expect(decoder.decode(encoder.encode(headers).slice())).toEqual(headers);
  }
});
