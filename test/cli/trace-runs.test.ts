import { expect, test } from "bun:test";
import { join } from "node:path";
import { readRuns } from "../../src/cli/trace-runs.ts";
import { inDirectory } from "../support/build.ts";

const at = (second: number) => `2026-01-01T00:00:0${second}Z`;

function runsOf(...messages: object[]) {
  return inDirectory(async (directory) => {
    const file = join(directory, "build.trace");
    await Bun.write(file, messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
    return readRuns(file, "build.trace");
  });
}

test("a vertex is what all its messages say, and one that never started is none", async () => {
  const vertex = { digest: "sha256:a", inputs: ["sha256:b"], name: "make" };
  const runs = await runsOf(
    { vertexes: [vertex, { digest: "sha256:c", name: "waits" }] },
    { vertexes: [{ ...vertex, started: at(1) }] },
    { vertexes: [{ ...vertex, started: at(1), completed: at(3), cached: true }] },
    // It runs again, beside itself for a while.
    { vertexes: [{ ...vertex, started: at(2), completed: at(4) }] },
    { vertexes: [{ ...vertex, started: at(6), completed: at(7) }] },
  );
  const started = Date.parse(at(1));
  expect(runs).toEqual([{ ...vertex, cached: true, error: "", started, completed: started + 6000, duration: 4000 }]);
});

test("a vertex of which more is told without its inputs keeps them", async () => {
  const merge = { digest: "sha256:m", inputs: ["sha256:a", "sha256:b"], name: "merge (a, b)" };
  const again = { digest: merge.digest, name: merge.name, started: at(2), completed: at(3) };
  const [run] = await runsOf({ vertexes: [{ ...merge, started: at(1), completed: at(2) }] }, { vertexes: [again] });
  expect(run?.inputs).toEqual(merge.inputs);
});

test("a vertex that had not ended has no end", async () => {
  const [run] = await runsOf({ vertexes: [{ digest: "sha256:a", name: "x", started: at(1) }] });
  expect(run).toMatchObject({ completed: undefined, duration: 0 });
});
