import { expect, test } from "bun:test";
import { MessageQueue } from "../../../src/session/fsutil/message-queue.ts";
import { openRandom } from "../../h2/random.ts";

test("messages come out as they went in, of any length, however the two take turns", () => {
  const random = openRandom(1);
  const queue = new MessageQueue();
  const waiting: Uint8Array[] = [];
  for (let step = 0; step < 20_000; step++) {
    if (random(100) < (step < 10_000 ? 70 : 30)) {
      const message = new Uint8Array(random(50) === 0 ? random(200_000) : random(100)).fill(step);
      queue.push(message);
      waiting.push(message);
    } else if (!Bun.deepEquals(queue.shift(), waiting.shift())) throw new Error(`step ${step}`);
  }
  for (const message of waiting) expect(queue.shift()).toEqual(message);
  expect(queue.shift()).toBeUndefined();
});
