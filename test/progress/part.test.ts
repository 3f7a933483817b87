import { expect, test } from "bun:test";
import type { StatusResponse } from "../../src/gen/control.ts";
import { progressPart } from "../../src/progress/part.ts";
import { at, log, message, status, vertex, warning } from "./messages.ts";

/** A part whose messages are kept; our clock stands at second 1000. */
function openPart(label: string) {
  const taken: StatusResponse[] = [];
  const named: string[] = [];
  const vertexOf = (name: string) => {
    named.push(name);
    return { status() {}, log() {}, done() {}, fail() {} };
  };
  const options = { now: () => 1_900_001_000_000, clientVertex: vertexOf, drained: () => undefined };
  return { taken, named, part: progressPart(label, { ...options, take: (each) => void taken.push(each) }) };
}

test("names have the label, in the brackets of those that have some", () => {
  const { part, taken, named } = openPart("pool1 linux/arm64");
  part.update(vertex("make", 0));
  part.update(vertex("[internal] load", 0));
  part.clientVertex("[auth] token");
  expect(taken.flatMap(({ vertexes }) => vertexes.map(({ name }) => name))).toEqual([
    "[pool1 linux/arm64] make",
    "[pool1 linux/arm64 internal] load",
  ]);
  expect(named).toEqual(["[pool1 linux/arm64 auth] token"]);
});

test("the same vertex of two daemons is two, and all that is said of it is said of its own", () => {
  const [one, two] = [openPart("one"), openPart("two")];
  for (const { part } of [one, two]) {
    part.update(vertex("a", 0, 1));
    part.update(
      message({ vertexes: [{ digest: "sha256:b", inputs: ["sha256:a"], name: "b", cached: false, error: "" }] }),
    );
    part.update(status("a", "s", 0));
    part.update(log("a", 0, "text"));
    part.update(warning("a", "beware"));
  }
  const digestsOf = ({ taken }: typeof one) =>
    taken.flatMap((each) => [
      ...each.vertexes.flatMap(({ name, digest, inputs }) => (name.endsWith("a") ? [digest] : inputs)),
      ...[...each.statuses, ...each.logs, ...each.warnings].map((item) => item.vertex),
    ]);
  const [first, second] = [new Set(digestsOf(one)), new Set(digestsOf(two))];
  expect([first.size, second.size]).toEqual([1, 1]);
  expect([...first]).not.toEqual([...second]);
  expect([...first][0]).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("times are by our clock, in which the first vertex starts when it is told of", () => {
  const { part, taken } = openPart("x");
  part.update(vertex("a", 0.25));
  part.update(vertex("a", 0.25, 1.5));
  part.update(log("a", 1, ""));
  expect(taken[0]?.vertexes[0]?.started).toEqual(at(1000));
  expect(taken[1]?.vertexes[0]?.completed).toEqual(at(1001.25));
  expect(taken[2]?.logs[0]?.timestamp).toEqual(at(1000.75));
});
