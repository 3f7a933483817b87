import { expect, test } from "bun:test";
import { limitConcurrency } from "../../src/image/limit.ts";

test("a failed task frees its place", async () => {
  const limited = limitConcurrency(1);
  const failed = limited(() => Promise.reject(new Error("no"))).catch(() => "failed");
  expect(await Promise.all([failed, limited(async () => "next")])).toEqual(["failed", "next"]);
});
