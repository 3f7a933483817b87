import { expect, test } from "bun:test";
import type { StatusResponse } from "../../src/gen/control.ts";
import type { ProgressMode } from "../../src/progress/mode.ts";
import type { Outcome, Progress } from "../../src/progress/progress.ts";
import type { Clock } from "../../src/progress/trace.ts";
import { log, vertex, warning } from "./messages.ts";
import { openProgress } from "./open-progress.ts";
import { TestClock } from "./replay.ts";

function shown(mode: ProgressMode, use: (progress: Progress, clock: TestClock) => void): string {
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const clock = new TestClock();
  const output = { write, columns: () => 80, rows: () => 24, isTerminal: true, color: false };
  const progress = openProgress(mode, output, { variables: {}, now: clock.now, schedule: clock.schedule });
  use(progress, clock);
  return text;
}

/** A build with a notice, a warning, work of the client and a failed step. */
function build(outcome: Outcome): (progress: Progress, clock: TestClock) => void {
  return (progress, clock) => {
    progress.notice("connected");
    const client = progress.clientVertex("exporting to client");
    client.done();
    progress.update(vertex("a", 0));
    progress.update(warning("a", "beware"));
    progress.update(log("a", 1, "broken\n"));
    clock.advance(1000);
    progress.update(vertex("a", 0, 1, outcome.result === "failed" ? { error: "exit code: 1" } : {}));
    progress.end(outcome);
  };
}

const failure = "------\n > a:\n1.000 broken\n------\n";

test("quiet shows failed steps, and nothing when all is well", () => {
  expect(shown("quiet", build({ result: "failed" }))).toBe(failure);
  expect(shown("quiet", build({ result: "done" }))).toBe("");
  expect(shown("quiet", build({ result: "canceled" }))).toBe("");
});

test("none shows nothing at all", () => {
  expect(shown("none", build({ result: "failed" }))).toBe("");
});

test("rawjson has messages and nothing else, those of this client too", () => {
  const lines = shown("rawjson", build({ result: "failed" }))
    .trimEnd()
    .split("\n");
  const parts = lines.map((line) => Object.keys(JSON.parse(line)).join());
  expect(parts).toEqual(["vertexes", "vertexes", "vertexes", "warnings", "logs", "vertexes"]);
  expect(JSON.parse(lines[0] ?? "").vertexes[0].digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("plain and tty end with warnings, then with why it failed or with what was built", () => {
  for (const mode of ["plain", "tty"] as const) {
    expect(shown(mode, build({ result: "failed" })).replaceAll("\r", "")).toEndWith(
      `\n1 warning\n  beware\n\n${failure}`,
    );
    expect(shown(mode, build({ result: "done", built: [["file", "out.tar"]] })).replaceAll("\r", "")).toEndWith(
      "\n1 warning\n  beware\n\n✔ Built in 1.0s (2 steps)\n  file     out.tar\n  slowest  a 1.0s\n",
    );
    expect(shown(mode, build({ result: "canceled" }))).not.toContain("1 warning\n");
  }
});

test("the log of a step can be asked for by its digest", () => {
  shown("rawjson", (progress) => {
    progress.update(vertex("a", 0));
    progress.update(log("a", 1, "one\ntwo\n"));
    progress.update(vertex("a", 0, 2, { error: "exit code: 1" }));
    progress.end({ result: "failed" });
    expect(progress.failureLog("sha256:a", 1)).toEqual({
      name: "a",
      error: "exit code: 1",
      lines: [{ time: 1000, text: "two" }],
    });
    expect(progress.failureLog("sha256:b")).toBeUndefined();
  });
});

test("rawjson writes many messages at once", () => {
  const output = {
    writes: 0,
    write: () => void output.writes++,
    columns: () => 80,
    rows: () => 24,
    isTerminal: false,
    color: false,
  };
  const clock = new TestClock();
  const progress = openProgress("rawjson", output, { variables: {}, now: clock.now, schedule: clock.schedule });
  for (let index = 0; index < 500; index++) progress.update(vertex(`step ${index}`, 0));
  clock.advance(20);
  expect(output.writes).toBeLessThan(5);
});

test("plain progress waits for a slow reader, tty leaves frames out instead", () => {
  const waiting = Promise.resolve();
  const output = {
    write() {},
    columns: () => 80,
    rows: () => 24,
    isTerminal: true,
    color: false,
    drained: () => waiting,
  };
  const openAs = (mode: ProgressMode) => openProgress(mode, output, { variables: {} });
  expect(openAs("plain").drained()).toBe(waiting);
  expect(openAs("tty").drained()).toBeUndefined();
});

test("a recorder gets every message until the end, and says when it has kept up", () => {
  const taken: string[] = [];
  const slow = Promise.resolve();
  const recorder = {
    take: ({ vertexes }: StatusResponse, clock: Clock) => taken.push(`${vertexes[0]?.name} by the ${clock}'s clock`),
    drained: () => slow,
  };
  const output = { write: () => undefined, columns: () => 80, rows: () => 24, isTerminal: false, color: false };
  const progress = openProgress("plain", output, { variables: {}, now: new TestClock().now, recorder });
  progress.update(vertex("a", 0));
  progress.clientVertex("b").done();
  expect(progress.drained()).toBe(slow);
  progress.end({ result: "done" });
  progress.update(vertex("c", 0));
  expect(taken).toEqual(["a by the daemon's clock", "b by the client's clock", "b by the client's clock"]);
});
