import { expect, test } from "bun:test";
import type { StatusResponse } from "../../src/gen/control.ts";
import { Trace } from "../../src/progress/trace.ts";
import { log, vertex } from "./messages.ts";

const group = { id: "g", name: "install the tools", weak: false };
const weak = { ...group, weak: true };

function traceOf(...messages: StatusResponse[]): Trace {
  const trace = new Trace(() => 10_000);
  for (const item of messages) trace.apply(item, "daemon");
  return trace;
}

test("members are one vertex with the group's name and the union of their times", () => {
  const trace = traceOf(
    vertex("a", undefined, undefined, { progressGroup: group }),
    vertex("b", undefined, undefined, { progressGroup: group }),
    vertex("a", 1, 2, { progressGroup: group }),
    vertex("b", 4, undefined, { progressGroup: group }),
    log("b", 5, "text"),
  );
  expect(trace.started.map(({ name, state }) => [name, state])).toEqual([["install the tools", "running"]]);
  expect(trace.count()).toEqual({ total: 1, completed: 0, cached: 0 });
  trace.apply(vertex("b", 4, 7, { progressGroup: group }), "daemon");
  expect(trace.started[0]?.duration(0)).toBe(4000);
  expect(trace.count()).toEqual({ total: 1, completed: 1, cached: 0 });
  expect(trace.get("sha256:a")).toBe(trace.get("sha256:b"));
});

test("a group of weak members is hidden until a strong one starts", () => {
  const trace = traceOf(vertex("a", 1, 2, { progressGroup: weak }));
  expect(trace.started).toEqual([]);
  expect(trace.count().total).toBe(0);
  trace.apply(vertex("b", undefined, undefined, { progressGroup: group }), "daemon");
  expect(trace.started).toEqual([]);
  trace.apply(vertex("b", 3, undefined, { progressGroup: group }), "daemon");
  expect(trace.started.map(({ started }) => started)).toEqual([10_000]);
});

test("a weak member that fails is seen", () => {
  const trace = traceOf(vertex("a", 1, 2, { progressGroup: weak, error: "exit code: 1" }));
  expect(trace.started.map(({ state }) => state)).toEqual(["error"]);
});

test("it is cached when all members are, and fails with the first error", () => {
  const members = (second: boolean) =>
    traceOf(
      vertex("a", 1, 2, { progressGroup: group, cached: true }),
      vertex("b", 1, 2, { progressGroup: group, cached: second }),
      vertex("b", undefined, undefined, { progressGroup: group }),
    ).started[0]?.state;
  expect(members(true)).toBe("cached");
  expect(members(false)).toBe("done");
  const failed = traceOf(
    vertex("a", 1, 2, { progressGroup: group, error: "first" }),
    vertex("b", 1, 2, { progressGroup: group, error: "second" }),
  );
  expect(failed.started[0]?.error).toBe("first");
});
