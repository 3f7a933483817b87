import { expect, test } from "bun:test";
import { SendQueue } from "../../src/h2/send-queue.ts";
import { openRandom } from "./random.ts";

test("bytes come out in order, however they went in", () => {
  const random = openRandom(3);
  const queue = new SendQueue();
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  for (let round = 0; round < 3000; round++) {
    for (let parts = random(4); parts > 0; parts--) {
      const part = Buffer.from(Array.from({ length: random(3) === 0 ? 0 : random(40) }, () => random(256)));
      sent.push(part);
      queue.push(part);
    }
    const length = random(queue.size + 1);
    const out = Buffer.alloc(length + 10, "x");
    const before = queue.size;
    queue.copyTo(out, 5, length);
    expect([queue.size, out.toString("latin1", 0, 5), out.toString("latin1", length + 5)]).toEqual([
      before - length,
      "xxxxx",
      "xxxxx",
    ]);
    received.push(out.subarray(5, length + 5));
  }
  const rest = Buffer.alloc(queue.size);
  queue.copyTo(rest, 0, rest.length);
  expect(Buffer.concat([...received, rest]).equals(Buffer.concat(sent))).toBe(true);
});

test("clear() forgets everything", () => {
  const queue = new SendQueue();
  queue.push(Buffer.from("abc"));
  queue.headers = [];
  queue.trailers = [];
  queue.clear();
  expect(queue).toMatchObject({ size: 0, headers: undefined, trailers: undefined });
});

test("headers come before data, trailers behind it", () => {
  const queue = new SendQueue();
  queue.headers = [["a", "1"]];
  queue.trailers = [["b", "2"]];
  queue.push(Buffer.from("abc"));
  expect(queue.takeHeaders()).toEqual({ list: [["a", "1"]], ends: false });
  expect(queue.takeHeaders()).toBeUndefined();
  queue.copyTo(Buffer.alloc(3), 0, 3);
  expect(queue.takeHeaders()).toEqual({ list: [["b", "2"]], ends: true });
  expect(queue.takeHeaders()).toBeUndefined();
});

test("who waits hears when all before was moved, in order, and nothing after a clear()", () => {
  const queue = new SendQueue();
  const heard: string[] = [];
  queue.whenMoved(() => heard.push("none"));
  expect(heard).toEqual(["none"]);
  queue.push(Buffer.from("abc"));
  queue.whenMoved(() => heard.push("abc"));
  queue.whenMoved(() => heard.push("abc again"));
  queue.push(Buffer.from("def"));
  queue.whenMoved(() => heard.push("def"));
  const out = Buffer.alloc(6);
  queue.copyTo(out, 0, 2);
  expect(heard).toEqual(["none"]);
  queue.copyTo(out, 2, 2);
  expect(heard).toEqual(["none", "abc", "abc again"]);
  queue.copyTo(out, 4, 2);
  expect([out.toString(), ...heard]).toEqual(["abcdef", "none", "abc", "abc again", "def"]);
  queue.push(Buffer.from("ghi"));
  queue.whenMoved(() => heard.push("ghi"));
  queue.clear();
  queue.push(Buffer.from("jkl"));
  queue.copyTo(out, 0, 3);
  expect(heard).toHaveLength(4);
});

test("hundreds of small parts and those who wait between them", () => {
  const queue = new SendQueue();
  const heard: number[] = [];
  for (let index = 0; index < 500; index++) {
    queue.push(Buffer.from([index % 256]));
    queue.whenMoved(() => heard.push(index));
  }
  const out = Buffer.alloc(500);
  for (let at = 0; at < 500; at += 20) queue.copyTo(out, at, 20);
  expect(heard).toEqual(Array.from({ length: 500 }, (_, index) => index));
  expect([...out]).toEqual(heard.map((index) => index % 256));
});
