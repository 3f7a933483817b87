import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { randomOf } from "../effort.ts";
import { type Target, tryTarget } from "./driver/fuzz.ts";
import { mutate } from "./driver/mutate.ts";
import { tolerate } from "./driver/tolerate.ts";

// A busy machine is no failure.
setDefaultTimeout(60_000);

/** Reads a length and so many bytes, and forgets to check a length of 255. */
const planted: Target = {
  kind: "driver-planted",
  seeds: [Uint8Array.of(2, 1, 1), Uint8Array.of(3, 7, 7, 7)],
  run(input) {
    const [length = 0, ...rest] = input;
    if (length === 255 && rest.length > 2) throw new TypeError("a planted bug");
    return tolerate(() => {
      if (rest.length < length) throw new RangeError("too short");
    }, RangeError);
  },
};

test("a planted bug is found, with a small input in a file", async () => {
  const { failures } = await tryTarget(planted, { inputs: 3000, milliseconds: 0 });
  expect(failures).toHaveLength(1);
  expect(failures[0]?.error).toBeInstanceOf(TypeError);
  expect(failures[0]?.input).toHaveLength(4);
  expect([...readFileSync(failures[0]?.path ?? "")]).toEqual([...(failures[0]?.input ?? [])]);
});

test("what takes too long is a failure, unless it is quick when it is tried again", async () => {
  let isSlow = true;
  const run = (input: Uint8Array) => {
    if (input.length < 3 || !isSlow) return "fine";
    for (const end = performance.now() + 8; performance.now() < end; );
    return "slow";
  };
  const amount = { inputs: 20, milliseconds: 0, patience: 5 };
  const { failures } = await tryTarget({ ...planted, run }, amount);
  expect(failures.map(({ error }) => String(error))).toEqual(["Error: it takes more than 5 ms"]);
  isSlow = false;
  expect((await tryTarget({ ...planted, run }, amount)).failures).toEqual([]);
});

test("a full stack is no error that an input may lead to", () => {
  const deep = (): number => 1 + deep();
  expect(() => tolerate(deep, RangeError)).toThrow("call stack");
});

test("the same seed makes the same inputs", () => {
  const make = (index: number) => [...mutate(randomOf("driver", index), Uint8Array.of(1, 2, 3), [], [])];
  expect(make(7)).toEqual(make(7));
  expect(new Set(Array.from({ length: 50 }, (_, index) => make(index).join())).size).toBeGreaterThan(30);
});
