import { describe, expect, test } from "bun:test";
import { HttpResponseReader } from "../../src/rpc/http-response.ts";

/** Reads a response in pieces of `size`: status and body, and what follows an upgrade. */
function read(text: string, size: number, ends = false): { answer: string | undefined; rest: string } {
  let answer: string | undefined;
  const reader = new HttpResponseReader((status, body) => {
    answer = `${status} ${new TextDecoder().decode(body)}`;
  });
  const bytes = new TextEncoder().encode(text);
  let rest = "";
  for (let at = 0; at < bytes.length && rest === ""; at += size) {
    rest = new TextDecoder().decode(reader.push(bytes.subarray(at, at + size)));
  }
  if (ends) reader.end();
  return { answer, rest };
}

describe.each([1, 2, 3, 7, 1000])("in pieces of %d bytes", (size) => {
  test.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"],
    ["HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n", "404 "],
    ["HTTP/1.1 204 No Content\r\n\r\n", "204 "],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n, you!\r\n0\r\n\r\n",
      "200 hello, you!",
    ],
    ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi"],
  ])("%j", (text, answer) => {
    expect(read(text, size).answer).toBe(answer);
  });

  test("a body up to the end of the connection", () => {
    expect(read("HTTP/1.0 500 Oh\r\n\r\nsorry", size).answer).toBeUndefined();
    expect(read("HTTP/1.0 500 Oh\r\n\r\nsorry", size, true).answer).toBe("500 sorry");
  });

  test("a body that is cut off is no answer", () => {
    expect(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", size, true).answer).toBeUndefined();
  });

  test("an upgrade leaves what follows", () => {
    const { answer, rest } = read("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\nPRI", size);
    expect(answer).toBeUndefined();
    expect("PRI".startsWith(rest) && rest !== "").toBe(true);
  });
});

test.each(["\0\0\x0c\x04\0\0\0\0\0\0", "SSH-2.0-x\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"])(
  "%j is no HTTP/1.1",
  (text) => expect(() => read(text, 1000)).toThrow(RangeError),
);

test("a chunk without a size", () => {
  expect(() => read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 1000)).toThrow(
    "a chunk without a size",
  );
});

test.each(["-1", "NaN", "", "9".repeat(20)])("a length that is none: %p", (length) => {
  expect(() => read(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\nab`, 1000)).toThrow(RangeError);
});

test("what comes in the smallest pieces is read in one go", () => {
  const chunks = "1\r\na\r\n".repeat(100_000);
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
  const { answer } = read(`${head}${"A: b\r\n".repeat(2000)}\r\n${chunks}0\r\n\r\n`, 3);
  expect(answer).toBe(`200 ${"a".repeat(100_000)}`);
  expect(() => read(`${head}\r\n${"1".repeat(5000)}`, 3)).toThrow(RangeError);
});
