import { expect, test } from "bun:test";
import { HuffmanDecoder } from "../../src/h2/huffman.ts";

/** Bytes 0 to 255 in order, as another implementation encodes them. */
const allBytes =
  "ffc7fffd8fffffe2fffffe3fffffe4fffffe5fffffe6fffffe7fffffe8ffffeafffffff3fffffa7fffffabffffffdfffffebfffffecfffffedfffffeefffffefffffff0ffffff1ffffff2fffffffbfffffcffffffd3fffffd7fffffdbfffffdffffffe3fffffe7fffffebfffffed4fe3f9ffaffcabf1febfafefe7fdfd2cbb00089969b71d79fb9f7fff20ffbff3ff50ddbd7f061c58f265cd9f469d5af66dddbf871e5f9cff7ff7fffc3ff9ffe45fff4719242cb34e6e9d68a6a3d7dac426defe3cfaf7fffbfe7ffbffdffffffcfffe6ffff4bfff9ffffa3fffd3ffff53fffd5ffffb3fffeb7fffdaffffb7ffff73fffeeffffdeffffebffffbfffffd9ffffdbfffebffffe0ffffeeffffc3ffff8bffff1ffffe4fffee7fffb1ffff97fffd9ffffcdffff9fffffbffffdafffeeffff4ffffb7fffee7fffe8ffffd3fffdeffffd5fffeeffffbdffffe1fffdfffff7fffff5ffffecffff07fff87fffe0ffff17fffedffff87ffff77fffeffffeaffff8bfffe3ffff93ffff87fffcbffff37ffff1fffff83ffffe1fffebfffe3ffff3fffff2ffffa3ffffd9fffff17ffffc7fffff27ffffdefffffbffffff2fffff8fffffb7fff97fff8fffffe6fffffc1fffff87ffffe7fffffc5ffffe5fffe4ffff2fffffd1fffff4ffffffefffffe3fffffc9fffff97fffb3ffffcffffb7fffcdffff4ffff9ffffd1ffffcffffeaffffafffffddffffeffffff4fffff5fffffabffffa7ffffd7fffff9bffffecfffffb7fffff3fffffe8fffffd3fffffabfffff5fffffff7ffffecfffffdbfffffbbfffff7ffffff0fffffbbf";

function decode(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  return new HuffmanDecoder().decode(bytes, 0, bytes.length).toString("latin1");
}

test("every byte has a code", () => {
  expect(decode(allBytes)).toBe(Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join(""));
});

test("the examples of RFC 7541 appendix C.4 and C.6", () => {
  expect(decode("f1e3c2e5f23a6ba0ab90f4ff")).toBe("www.example.com");
  expect(decode("a8eb10649cbf")).toBe("no-cache");
  expect(decode("d07abe941054d444a8200595040b8166e082a62d1bff")).toBe("Mon, 21 Oct 2013 20:13:21 GMT");
});

test("an empty text", () => {
  expect(decode("")).toBe("");
});

test("a part of a larger buffer", () => {
  const bytes = Buffer.from("ffa8eb10649cbf00", "hex");
  expect(new HuffmanDecoder().decode(bytes, 1, 7).toString()).toBe("no-cache");
});

test("padding must be the highest bits of the end of string, and less than a byte", () => {
  // "0" is 00000, followed by three bits of padding.
  expect(decode("07")).toBe("0");
  expect(() => decode("06")).toThrow("padding");
  expect(() => decode("00")).toThrow("padding");
  expect(() => decode("07ff")).toThrow("padding");
  expect(() => decode("ffff")).toThrow("padding");
});

test("the end of string must not appear", () => {
  expect(() => decode("fffffffc")).toThrow("end of string");
  expect(() => decode("ffffffff")).toThrow();
});
