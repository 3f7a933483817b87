import { expect, test } from "bun:test";
import { LogStore } from "../../src/report/log-store.ts";

const mebibyte = 1024 * 1024;

test("one log has at most 1 MiB, however much was written", () => {
  const store = new LogStore();
  const chunk = new Uint8Array(32 * 1024).fill(97);
  for (let count = 0; count < 1000; count++) store.append("a", chunk, count);
  const log = store.get("a");
  expect(log?.total).toBe(1000 * chunk.length);
  expect(log?.size).toBeLessThanOrEqual(mebibyte);
  expect(log?.size).toBeGreaterThan(mebibyte / 2);
});

test("many logs share what there is, and small ones stay whole", () => {
  const store = new LogStore();
  const chunk = new Uint8Array(64 * 1024).fill(97);
  store.append("small", new Uint8Array([104, 105]), 0);
  for (let count = 0; count < 16; count++) {
    for (let vertex = 0; vertex < 100; vertex++) store.append(String(vertex), chunk, count);
  }
  const sizes = Array.from({ length: 100 }, (_, vertex) => store.get(String(vertex))?.size ?? 0);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(6 * mebibyte);
  expect(Math.min(...sizes)).toBeGreaterThan(16 * 1024);
  expect(store.get("small")?.dropped).toBe(0);
});
