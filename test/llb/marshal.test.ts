import { expect, test } from "bun:test";
import { bytesOf } from "../../src/llb/definition.ts";
import { digestOf } from "../../src/llb/digest.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { merge } from "../../src/llb/merge.ts";
import { tmpfsMount } from "../../src/llb/mount.ts";
import { image } from "../../src/llb/source-image.ts";
import { type State, scratch } from "../../src/llb/state.ts";
import { decodeDefinition } from "../support/definition.ts";
import { alpine, define } from "./sample.ts";

function chain(length: number): State {
  let state = image("docker.io/library/alpine:3.20", {}, {});
  for (let step = 0; step < length; step++) state = run(state, `echo ${step}`, {}, {});
  return state;
}

test("scratch is no op at all", () => {
  const definition = define(scratch);
  expect(definition).toMatchObject({ ops: [], result: undefined, terminal: undefined });
  expect(encodeDefinition(definition)).toHaveLength(0);
});

test("every op's digest is that of its bytes, and inputs come before their users", () => {
  const definition = define(merge([chain(3), run(alpine, "x", {}, {})], {}));
  const seen = new Set<string>();
  for (const op of definition.ops) {
    expect(digestOf(bytesOf(definition, op))).toBe(op.digest);
    for (const input of op.inputs) expect(seen.has(input.op.digest)).toBe(true);
    seen.add(op.digest);
  }
  expect(seen.size).toBe(6);
});

test("the bytes of a Definition are those of its ops and the terminal one", () => {
  const definition = define(chain(2));
  const { def } = decodeDefinition(encodeDefinition(definition));
  expect(def.slice(0, -1)).toEqual(definition.ops.map((op) => new Uint8Array(bytesOf(definition, op))));
  expect(digestOf(def.at(-1) ?? new Uint8Array())).toBe(definition.terminal ?? "sha256:");
});

test("the same graph gives the same bytes", () => {
  expect(encodeDefinition(define(chain(50)))).toEqual(encodeDefinition(define(chain(50))));
});

test("a chain of 100,000 steps is no deep recursion", () => {
  const definition = define(chain(100_000));
  expect(definition.ops).toHaveLength(100_001);
});

test("a graph whose bytes would fill all memory is given up, at its place", () => {
  const location = { source: { name: "build.lua", data: "x" }, line: 7 };
  let state: State = alpine;
  for (let step = 0; step < 2000; step++) state = run(state, [`${step}`, "x".repeat(40_000)], {}, { location });
  expect(() => define(state)).toThrow("the Definition is above 64.0 MiB, and a daemon takes no message above 16 MiB");
});

test("the clock is looked at for every op", () => {
  let looks = 0;
  marshal(chain(20), {
    platform: { os: "linux", architecture: "amd64" },
    startClock: () => () => {
      looks++;
    },
  });
  expect(looks).toBe(21);
});

test("a diamond of a thousand levels is walked once", () => {
  let state: State = alpine;
  for (let level = 0; level < 1000; level++) state = merge([run(state, "a", {}, {}), run(state, "b", {}, {})], {});
  expect(define(state).ops).toHaveLength(3001);
});

test("an error that shows only here has the place of the op", () => {
  const source = { name: "build.lua", data: "x" };
  const location = { source, line: 7, caller: { source, line: 9 } };
  const bad = run(alpine, "x", { mounts: [tmpfsMount("..", {})] }, { location });
  try {
    define(bad);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: "llb.invalid",
      position: { file: "build.lua", line: 7 },
      callers: [{ line: 9 }],
    });
  }
});

test("a place that made the same op again is there once", () => {
  const source = { name: "build.lua", data: "x" };
  const step = (line: number) => run(alpine, "x", {}, { location: { source, line } });
  const { ops } = define(merge([step(1), step(1), step(2)], {}));
  expect(ops[1]?.locations.map(({ line }) => line)).toEqual([1, 2]);
});
