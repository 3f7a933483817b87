import { expect, test } from "bun:test";
import { holdProgress } from "../../src/cli/held-progress.ts";
import { StatusResponse } from "../../src/gen/control.ts";

/** A message that says nothing but which one it is. */
function status(name: string): StatusResponse {
  return StatusResponse.decode(StatusResponse.encode({ vertexes: [{ digest: name }] }));
}

function hold() {
  const shown: string[] = [];
  const held = holdProgress({
    update: ({ vertexes }) => void shown.push(vertexes[0]?.digest ?? ""),
    clientVertex: (name) => {
      shown.push(name);
      return { status() {}, log() {}, done() {}, fail() {} };
    },
    drained: () => undefined,
  });
  return { shown, ...held };
}

test("what the daemon tells is shown in its order once that is wanted, and from then on at once", () => {
  const { shown, progress, show, release } = hold();
  progress.update(status("one"));
  progress.update(status("two"));
  expect(shown).toEqual([]);
  show(() => shown.push("a warning"));
  release();
  expect(shown).toEqual(["one", "two", "a warning"]);
  progress.update(status("three"));
  show(() => shown.push("another"));
  release();
  expect(shown).toEqual(["one", "two", "a warning", "three", "another"]);
});

test("work of this client is shown when it is done", () => {
  const { shown, progress } = hold();
  progress.clientVertex("sending");
  expect(shown).toEqual(["sending"]);
});
