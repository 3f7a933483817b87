import { expect, test } from "bun:test";
import { Batches } from "../../src/session/batches.ts";

function filled(length: number, first: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

/** All that waits, each batch given back once it is copied. */
function drain(batches: Batches): number[][] {
  const taken: number[][] = [];
  for (let batch = batches.take(); batch !== undefined; batch = batches.take()) {
    taken.push([...batch]);
    batches.giveBack(batch);
  }
  return taken;
}

test("pieces of any size come out in order, in batches of one size but for the last", () => {
  for (const size of [1, 3, 4, 5, 8, 21]) {
    const batches = new Batches(4);
    for (let from = 0; from < 21; from += size) batches.add(filled(Math.min(size, 21 - from), from));
    expect(batches.size).toBe(21);
    const taken = drain(batches);
    expect(taken.map((batch) => batch.length)).toEqual([4, 4, 4, 4, 4, 1]);
    expect(taken.flat()).toEqual([...filled(21, 0)]);
    expect(batches.size).toBe(0);
  }
});

test("what is added is copied, and memory that was given back is used again", () => {
  const batches = new Batches(4);
  const bytes = filled(4, 1);
  batches.add(bytes);
  bytes.fill(9);
  const first = batches.take() ?? new Uint8Array();
  expect([...first]).toEqual([1, 2, 3, 4]);
  batches.add(filled(2, 5));
  const second = batches.take() ?? new Uint8Array();
  expect(second.buffer).not.toBe(first.buffer);
  batches.giveBack(first);
  batches.add(filled(3, 7));
  const third = batches.take() ?? new Uint8Array();
  expect(third.buffer).toBe(first.buffer);
  expect([...second]).toEqual([5, 6]);
  expect([...third]).toEqual([7, 8, 9]);
});
