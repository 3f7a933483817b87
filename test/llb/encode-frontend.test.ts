import { expect, test } from "bun:test";
import { run } from "../../src/llb/exec.ts";
import { dockerfile, frontend } from "../../src/llb/frontend.ts";
import { type State, scratch, withMetadata } from "../../src/llb/state.ts";
import { alpine, define, lastOp } from "./sample.ts";

function sketch(state: State) {
  const { op, inputs } = lastOp(state, { sketch: true });
  if (op.case !== "build") throw new Error(`expected a build, got ${op.case}`);
  return { ...op.value, count: inputs.length };
}

test("a sketch of a Dockerfile tells its options and what it reads", () => {
  const { attrs, inputs, count } = sketch(dockerfile({ target: "app", buildArgs: new Map([["V", "1"]]) }, {}));
  expect(attrs).toEqual({ "build-arg:V": "1", filename: "Dockerfile", frontend: "dockerfile.v0", target: "app" });
  expect(Object.entries(inputs).map(([name, { input }]) => [name, input])).toEqual([
    ["context", 0n],
    ["dockerfile", 1n],
  ]);
  expect(count).toBe(2);
});

test("a sketch of a frontend tells its image", () => {
  const inputs = new Map([
    ["base", alpine],
    ["none", scratch],
    ["same", alpine],
  ]);
  const found = sketch(frontend("f:1", { inputs }, {}));
  expect(found.attrs).toEqual({ frontend: "gateway.v0", source: "f:1" });
  expect(Object.values(found.inputs).map(({ input }) => input)).toEqual([0n, -1n, 0n]);
});

test("a sketch is called what the script calls it, else by the file", () => {
  const names = (state: State) =>
    define(run(state, "x", {}, {}), { sketch: true }).ops.map(({ metadata }) =>
      metadata?.description?.get("llb.customname"),
    );
  expect(names(frontend("f:1", {}, {}))).toEqual(["f:1", undefined]);
  expect(names(withMetadata(frontend("f:1", {}, {}), { name: "mine" }))).toEqual(["mine", undefined]);
});
