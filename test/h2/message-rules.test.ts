import { describe, expect, test } from "bun:test";
import type { HeaderList } from "../../src/h2/header-list.ts";
import { checkRequest, checkResponse, checkTrailers } from "../../src/h2/message-rules.ts";

const post: HeaderList = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/service/Method"],
  [":authority", "localhost"],
  ["te", "trailers"],
  ["x-value", " spaces, ünicode and \t tabs "],
];

describe("requests", () => {
  test("of gRPC are right", () => {
    expect(checkRequest(post, false)).toBeUndefined();
  });

  const wrong: readonly (readonly [why: string, headers: HeaderList])[] = [
    ["no :method", post.slice(1)],
    ["no :scheme", post.filter(([name]) => name !== ":scheme")],
    ["no :path", post.filter(([name]) => name !== ":path")],
    ["an empty :path", post.map(([name, value]) => [name, name === ":path" ? "" : value])],
    [":path twice", [...post.slice(0, 3), [":path", "/"]]],
    [":status in the wrong place", [[":status", "200"], ...post]],
    [":path behind other fields", [["a", "b"], ...post.slice(2)]],
    ['the name "Upper"', [...post, ["Upper", ""]]],
    ['the name ""', [...post, ["", ""]]],
    ['the name "with space"', [...post, ["with space", ""]]],
    ['the name "with:colon"', [...post, ["with:colon", ""]]],
    ["the value of a", [...post, ["a", "b\r\nc: d"]]],
    ["the value of a", [...post, ["a", "\0"]]],
    ["a connection field", [...post, ["connection", "close"]]],
    ["a transfer-encoding field", [...post, ["transfer-encoding", "chunked"]]],
    ["a te field", [...post, ["te", "gzip"]]],
  ];
  for (const [index, [why, headers]] of wrong.entries()) {
    test(`with ${why} are malformed (${index})`, () => {
      expect(checkRequest(headers, false)).toContain(why);
    });
  }

  test("that have ended promise no content", () => {
    expect(checkRequest([...post, ["content-length", "0"]], true)).toBeUndefined();
    expect(checkRequest([...post, ["content-length", "1"]], false)).toBeUndefined();
    expect(checkRequest([...post, ["content-length", "1"]], true)).toBe("a content-length without content");
  });

  test("for CONNECT have no path", () => {
    expect(
      checkRequest(
        [
          [":method", "CONNECT"],
          [":authority", "a:1"],
        ],
        false,
      ),
    ).toBeUndefined();
    expect(
      checkRequest(
        [
          [":method", "CONNECT"],
          [":path", "/"],
        ],
        false,
      ),
    ).toBe("CONNECT with :scheme or :path");
  });
});

test("responses begin with a status", () => {
  expect(
    checkResponse([
      [":status", "200"],
      ["a", "b"],
    ]),
  ).toBeUndefined();
  expect(checkResponse([])).toBe("no :status");
  expect(checkResponse([["a", "b"]])).toBe("no :status");
  expect(checkResponse([[":status", "2000"]])).toBe("no :status");
  expect(
    checkResponse([
      [":status", "200"],
      [":path", "/"],
    ]),
  ).toBe(":path in the wrong place");
});

test("trailers have no pseudo fields", () => {
  expect(
    checkTrailers([
      ["grpc-status", "0"],
      ["grpc-message", ""],
    ]),
  ).toBeUndefined();
  expect(checkTrailers([[":status", "200"]])).toBe(":status in the wrong place");
});
