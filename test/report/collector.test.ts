import { expect, test } from "bun:test";
import { Collector } from "../../src/report/collector.ts";
import { at, log, status, vertex, warning } from "../progress/messages.ts";

const origin = at(0).seconds * 1000;

test("a vertex that is told of several times is one, with all of its intervals", () => {
  const collector = new Collector();
  collector.take(vertex("a", undefined, undefined, { inputs: ["sha256:b"] }));
  collector.take(vertex("a", 1, 2));
  collector.take(vertex("a", 3));
  collector.take(vertex("a", 3, 5, { cached: true }));
  collector.take(vertex("a"));
  expect(collector.vertices()).toEqual([
    {
      digest: "sha256:a",
      name: "a",
      inputs: ["sha256:b"],
      group: undefined,
      cached: true,
      error: "",
      intervals: [
        { start: origin + 1000, stop: origin + 2000 },
        { start: origin + 3000, stop: origin + 5000 },
      ],
      statuses: [],
    },
  ]);
});

test("a status is what was told of it last", () => {
  const collector = new Collector();
  collector.take(vertex("a", 0));
  collector.take(status("a", "layer", 1, { current: 10, total: 100, now: 2 }));
  collector.take(status("a", "layer", 1, { current: 100, total: 100, completed: 3 }));
  collector.take(status("unknown", "layer", 1));
  expect(collector.vertices()[0]?.statuses).toEqual([
    {
      id: "layer",
      name: "",
      bytes: 100,
      total: 100,
      started: origin + 1000,
      completed: origin + 3000,
      told: origin + 3000,
    },
  ]);
});

test("a vertex that runs again and again keeps when it began and ended", () => {
  const collector = new Collector();
  for (let round = 0; round < 1000; round++) collector.take(vertex("a", round * 2, round * 2 + 1));
  const { intervals = [] } = collector.vertices()[0] ?? {};
  expect(intervals.length).toBeLessThanOrEqual(64);
  expect(intervals[0]?.start).toBe(origin);
  expect(intervals.at(-1)?.stop).toBe(origin + 1_999_000);
});

test("logs and warnings are kept", () => {
  const collector = new Collector();
  collector.take(log("a", 1, "hi\n"));
  collector.take(warning("a", "beware"));
  expect(collector.logs.get("sha256:a")?.total).toBe(3);
  expect(collector.warnings.length).toBe(1);
});
