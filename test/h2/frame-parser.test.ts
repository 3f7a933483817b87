import { describe, expect, test } from "bun:test";
import { FrameParser } from "../../src/h2/frame-parser.ts";
import { encodeFrame, FrameCollector } from "./frames.ts";
import { openRandom } from "./random.ts";

const nothing = new Uint8Array(0);

function parse(bytes: Uint8Array): FrameCollector {
  const collector = new FrameCollector(nothing);
  collector.push(bytes);
  return collector;
}

describe("frames", () => {
  test("several in one piece", () => {
    const { frames } = parse(Buffer.concat([encodeFrame(4, 1, 0), encodeFrame(8, 0, 3, Buffer.from("abcd"))]));
    expect(frames).toEqual([
      { type: 4, flags: 1, id: 0, payload: Buffer.alloc(0) },
      { type: 8, flags: 0, id: 3, payload: Buffer.from("abcd") },
    ]);
  });

  test("the reserved bit of a stream's id has no meaning", () => {
    expect(parse(encodeFrame(6, 0, 0x80000005)).frames[0]?.id).toBe(5);
  });

  test("of 16 KiB, and no larger", () => {
    expect(parse(encodeFrame(1, 0, 1, Buffer.alloc(16_384))).frames).toHaveLength(1);
    expect(() => parse(encodeFrame(1, 0, 1, Buffer.alloc(16_385)))).toThrow(expect.objectContaining({ code: 6 }));
  });
});

describe("DATA", () => {
  test("is handed on before it is complete", () => {
    const seen: string[] = [];
    const handler = {
      frame: () => {},
      dataStart: (id: number, flags: number, length: number) => seen.push(`start ${id} ${flags} ${length}`),
      dataPiece: (bytes: Uint8Array) => seen.push(Buffer.from(bytes).toString()),
      dataEnd: (flags: number, padding: number) => seen.push(`end ${flags} ${padding}`),
    };
    const parser = new FrameParser(handler, nothing);
    const bytes = encodeFrame(0, 1, 1, Buffer.from("one two"));
    parser.push(bytes.subarray(0, 12));
    expect(seen).toEqual(["start 1 1 7", "one"]);
    expect(parser.isIdle).toBe(false);
    parser.push(bytes.subarray(12));
    expect(seen).toEqual(["start 1 1 7", "one", " two", "end 1 0"]);
    expect(parser.isIdle).toBe(true);
  });

  test("without its padding", () => {
    const padded = (padding: number, text: string) =>
      encodeFrame(0, 8, 1, Buffer.concat([Buffer.of(padding), Buffer.from(text), Buffer.alloc(padding)]));
    const { frames } = parse(Buffer.concat([padded(3, "abc"), padded(0, "d"), padded(255, ""), padded(0, "")]));
    expect(frames.map(({ payload }) => payload.toString())).toEqual(["abc", "d", "", ""]);
  });

  test("with more padding than there is", () => {
    expect(() => parse(encodeFrame(0, 8, 1, Buffer.of(1)))).toThrow(expect.objectContaining({ code: 1 }));
    expect(() => parse(encodeFrame(0, 8, 1, Buffer.of(5, 1, 1, 1, 1)))).toThrow(expect.objectContaining({ code: 1 }));
    expect(() => parse(encodeFrame(0, 8, 1))).toThrow(expect.objectContaining({ code: 1 }));
  });
});

test("the preface comes first", () => {
  const parser = new FrameCollector(Buffer.from("hello"));
  parser.push(Buffer.from("he"));
  parser.push(Buffer.concat([Buffer.from("llo"), encodeFrame(4, 0, 0)]));
  expect(parser.frames).toHaveLength(1);
  expect(() => new FrameCollector(Buffer.from("hello")).push(Buffer.from("hex"))).toThrow("does not speak HTTP/2");
});

test("a parser that is stopped hands nothing on", () => {
  const seen: number[] = [];
  const handler = { frame: () => {}, dataStart: () => {}, dataPiece: () => {}, dataEnd: () => {} };
  const parser = new FrameParser(
    {
      ...handler,
      frame: (type) => {
        seen.push(type);
        parser.stop();
      },
    },
    nothing,
  );
  parser.push(Buffer.concat([encodeFrame(4, 0, 0), encodeFrame(6, 0, 0)]));
  parser.push(encodeFrame(8, 0, 0));
  expect(seen).toEqual([4]);
});

test("bytes give the same frames however they are split", () => {
  const random = openRandom(9113);
  const parts: Buffer[] = [];
  for (let count = 0; count < 400; count++) {
    const type = random(10);
    const size = random(4) === 0 ? 0 : random(random(8) === 0 ? 16_000 : 60);
    const payload = Buffer.from(Array.from({ length: size }, () => random(256)));
    const padding = random(Math.min(256, size));
    if (type === 0 && size > 0 && random(2) === 0) {
      payload[0] = padding;
      parts.push(encodeFrame(0, 8, 1 + random(9), payload));
    } else {
      parts.push(encodeFrame(type, type === 0 ? 1 : random(256), random(9), payload));
    }
  }
  const bytes = Buffer.concat(parts);
  const whole = parse(bytes).frames;
  expect(whole).toHaveLength(400);
  for (const longest of [1, 2, 9, 10, 100, 5000]) {
    const collector = new FrameCollector(nothing);
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + random(longest);
      // A copy, which is wiped: nobody may keep it.
      const piece = Buffer.from(bytes.subarray(at, end));
      collector.push(piece);
      piece.fill(0);
      at = end;
    }
    expect(collector.frames).toEqual(whole);
  }
});
