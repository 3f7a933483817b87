import { expect, setSystemTime, test } from "bun:test";
import { steadyNow } from "../../src/progress/steady-now.ts";

test("it is the time, and goes on when the clock is set", () => {
  const before = steadyNow();
  expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
  for (const hours of [-30, 30]) {
    setSystemTime(Date.now() + hours * 3_600_000);
    const since = steadyNow() - before;
    setSystemTime();
    expect(since).toBeGreaterThanOrEqual(0);
    expect(since).toBeLessThan(60_000);
  }
});
