import { expect, test } from "bun:test";
import { chooseStyle } from "../../src/progress/style.ts";
import { type Built, formatSummary } from "../../src/progress/summary.ts";
import { Trace } from "../../src/progress/trace.ts";
import { vertex } from "./messages.ts";

const style = chooseStyle(false, {});

function summaryOf(seconds: number, built: readonly Built[], ...messages: ReturnType<typeof vertex>[]): string[] {
  const trace = new Trace(() => 0);
  for (const item of messages) trace.apply(item, "daemon");
  return formatSummary(trace, built, seconds * 1000, style);
}

test("what was built, how long it took, what came from the cache, what was slow", () => {
  const built = [
    ["image", "registry.example/app:1"],
    ["digest", "sha256:0123"],
  ] as const;
  expect(
    summaryOf(
      12.34,
      built,
      vertex("pull", 0, 2),
      vertex("cached", 0, 0, { cached: true }),
      vertex("compile", 2, 10),
      vertex("quick", 0, 1.1),
      vertex("x".repeat(60), 10, 11.5),
    ),
  ).toEqual([
    "✔ Built in 12.3s (5 steps, 1 cached)",
    "  image    registry.example/app:1",
    "  digest   sha256:0123",
    `  slowest  compile 8.0s · pull 2.0s · ${"x".repeat(39)}… 1.5s`,
  ]);
});

test("a quick build has no slow steps", () => {
  expect(summaryOf(0.5, [], vertex("a", 0, 0.5))).toEqual(["✔ Built in 0.5s (1 step)"]);
  expect(summaryOf(100, [], vertex("a", 0, 9))).toEqual(["✔ Built in 1m40s (1 step)"]);
});
