import { expect, test } from "bun:test";
import { makeReport } from "../../src/report/make-report.ts";
import { log, status, vertex } from "../progress/messages.ts";
import { collect, finished, origin } from "./builds.ts";

const inputs = (...names: string[]) => ({ inputs: names.map((name) => `sha256:${name}`) });

test("times count from the beginning of the build, and inputs are places in the list", () => {
  const collector = collect(
    vertex("late", 2, 5.25, inputs("early", "unknown")),
    vertex("early", 0.5, 2),
    vertex("never", undefined, undefined, inputs("late")),
  );
  const { vertices, criticalPath, time } = makeReport(collector, finished());
  expect(
    vertices.map(({ name, state, intervals, time, inputs }) => ({ name, state, intervals, time, inputs })),
  ).toEqual([
    { name: "early", state: "done", intervals: [[500, 2000]], time: 1500, inputs: [] },
    { name: "late", state: "done", intervals: [[2000, 5250]], time: 3250, inputs: [0] },
    { name: "never", state: "waiting", intervals: [], time: 0, inputs: [1] },
  ]);
  expect(criticalPath).toEqual([0, 1]);
  expect(time).toBe(10_000);
});

test("a daemon whose clock is another begins the build with its first vertex", () => {
  const { vertices } = makeReport(
    collect(vertex("a", 3, 4)),
    finished({ began: origin + 1e7, ended: origin + 1e7 + 5000 }),
  );
  expect(vertices[0]?.intervals).toEqual([[0, 1000]]);
});

test("what failed, what was stopped, and what still ran when all was over", () => {
  const collector = collect(
    vertex("failed", 1, 2, { error: "exit code: 1" }),
    vertex("stopped", 1, 2, { error: "context canceled" }),
    vertex("running", 1),
    vertex("cached", 1, 1, { cached: true }),
  );
  const { vertices } = makeReport(collector, finished({ result: "failed" }));
  expect(vertices.map(({ name, state, time }) => [name, state, time])).toEqual([
    ["failed", "failed", 1000],
    ["stopped", "canceled", 1000],
    ["running", "canceled", 9000],
    ["cached", "cached", 0],
  ]);
});

test("steps are counted as in the terminal: a group is one, and cached when all of it is", () => {
  const group = { id: "g", name: "tools", weak: false };
  const collector = collect(
    vertex("a", 0, 1, { progressGroup: group, cached: true }),
    vertex("b", 1, 2, { progressGroup: group }),
    vertex("c", 1, 2, { cached: true }),
    vertex("d"),
  );
  const { count, groups, vertices } = makeReport(collector, finished());
  expect(count).toEqual({ steps: 3, completed: 2, cached: 1 });
  expect(groups).toEqual(["tools"]);
  expect(vertices.map(({ group }) => group)).toEqual([0, 0, undefined, undefined]);
});

test("passwords and secrets are nowhere, and nothing drives a terminal", () => {
  const name = "curl https://user:pass-w0rd@example.com/ hunter2\u001b[2J";
  const collector = collect(
    vertex("a", 0, 1, { name, error: "failed with hunter2" }),
    log("a", 0.5, "the token is hunter2\u001b[2J\n\u001b[32mok\u001b[0m\n"),
    status("a", "part hunter2", 0, { current: 1 }),
  );
  const error = { message: "it is hunter2\u001b[1m", hint: "hunter2", excerpts: [] };
  const facts = [["image", ["hunter2"]]] as const;
  const text = JSON.stringify(
    makeReport(collector, finished({ secrets: ["hunter2\n"], error, facts, title: "hunter2" })),
  );
  expect(text).not.toContain("hunter2");
  expect(text).not.toContain("pass-w0rd");
  expect(text).not.toContain("[2J");
  expect(text).toContain("the token is ***");
  expect(text).toContain("\\u001b[32mok");
});

test("a Definition that cannot be read does not cost the report", () => {
  const definitions = [{ bytes: new Uint8Array([1, 2, 3]) }];
  expect(makeReport(collect(vertex("a", 0, 1)), finished({ definitions })).vertices.length).toBe(1);
});
