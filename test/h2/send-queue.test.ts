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
