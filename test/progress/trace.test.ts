import { expect, test } from "bun:test";
import { Trace } from "../../src/progress/trace.ts";
import { at, log, type message, status, vertex, warning } from "./messages.ts";

function traceOf(...messages: ReturnType<typeof message>[]): Trace {
  const trace = new Trace(() => 10_000);
  for (const item of messages) trace.apply(item, "daemon");
  return trace;
}

test("vertices are there in the order in which they started, not in that in which they were announced", () => {
  const trace = traceOf(vertex("a"), vertex("b"), vertex("b", 1), vertex("a", 2));
  expect(trace.started.map(({ name }) => name)).toEqual(["b", "a"]);
  expect(trace.count()).toEqual({ total: 2, completed: 0, cached: 0 });
});

test("a vertex that is announced again without its start keeps its state", () => {
  const trace = traceOf(vertex("a", 1, 2, { cached: true }), vertex("a"));
  expect(trace.get("sha256:a")?.state).toBe("cached");
});

test("a vertex may run several times: its time is the union", () => {
  const trace = traceOf(vertex("a", 1, 2), vertex("a", 5), vertex("a", 5, 6.5), vertex("a", 6, 7));
  expect(trace.get("sha256:a")?.duration(0)).toBe(3000);
  expect(trace.get("sha256:a")?.state).toBe("done");
});

test("the daemon's clock is set by the first start, this client's own is right", () => {
  const trace = traceOf(vertex("a", 1), vertex("b", 3));
  expect(trace.get("sha256:a")?.started).toBe(10_000);
  expect(trace.get("sha256:b")?.started).toBe(12_000);
  trace.apply(vertex("c", 4), "client");
  expect(trace.get("sha256:c")?.started).toBe(at(4).seconds * 1000);
});

test.each([
  ["exit code: 1", "error"],
  ["process did not complete: context canceled", "canceled"],
  ["context canceled: but why", "error"],
] as const)("an error %j makes a vertex %s", (error, state) => {
  expect(traceOf(vertex("a", 1, 2, { error })).get("sha256:a")?.state).toBe(state);
});

test("messages about vertices that nobody has heard of are nothing", () => {
  const trace = traceOf(status("x", "part", 1), log("x", 1, "text"), warning("x", "beware"));
  expect(trace.started).toEqual([]);
  expect(trace.warnings).toEqual([]);
});

test("the log of a step that went well is forgotten, that of a failed one is kept", () => {
  const trace = traceOf(vertex("a", 1), log("a", 1, "text"), vertex("b", 1), log("b", 1, "text"));
  trace.apply(vertex("a", 1, 2), "daemon");
  trace.apply(vertex("b", 1, 2, { error: "exit code: 1" }), "daemon");
  expect(trace.get("sha256:a")?.log).toBeUndefined();
  expect(trace.get("sha256:b")?.log?.total).toBe(4);
});

test("memory stays bounded whatever the daemon sends", () => {
  const trace = traceOf(vertex("a", 1));
  for (let index = 0; index < 10_000; index++) {
    trace.apply(status("a", `part ${index}`, 1, index % 2 === 0 ? { completed: 2 } : {}), "daemon");
    trace.apply(vertex("a", index, index + 0.5), "daemon");
    trace.apply(warning("a", `warning ${index}`), "daemon");
  }
  expect(trace.get("sha256:a")?.statuses.size).toBeLessThanOrEqual(256);
  const traced = trace.get("sha256:a");
  expect(traced?.duration(0)).toBeCloseTo(5_000_000);
  expect(traced?.started).toBe(traced === undefined ? 0 : 10_000 - 1000);
  expect(trace.warnings.length).toBeLessThanOrEqual(256);
});
