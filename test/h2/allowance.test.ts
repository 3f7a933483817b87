import { expect, test } from "bun:test";
import { Allowance } from "../../src/h2/allowance.ts";

test("lets a burst pass, then a rate", async () => {
  const allowance = new Allowance("things", 10, 100);
  for (let count = 0; count < 10; count++) allowance.take();
  await Bun.sleep(60);
  for (let count = 0; count < 5; count++) allowance.take();
  expect(() => {
    for (let count = 0; count < 1000; count++) allowance.take();
  }).toThrow(expect.objectContaining({ code: 11, message: "too many things" }));
});

test("never fills above the burst", async () => {
  const allowance = new Allowance("things", 2, 100_000);
  allowance.take();
  await Bun.sleep(5);
  allowance.take();
  await Bun.sleep(5);
  allowance.take();
  allowance.take();
});
