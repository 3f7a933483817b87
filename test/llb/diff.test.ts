import { expect, test } from "bun:test";
import { diff } from "../../src/llb/diff.ts";
import { local } from "../../src/llb/source-local.ts";
import { scratch, withDir } from "../../src/llb/state.ts";
import { alpine, lastOp } from "./sample.ts";

const context = local("context", {}, {});

test("nothing below gives what is above, the same on both sides gives nothing", () => {
  expect(diff(scratch, alpine, {})).toBe(alpine);
  expect(diff(scratch, scratch, {})).toBe(scratch);
  expect(diff(alpine, withDir(alpine, "/w"), {})).toBe(scratch);
});

test("nothing above is a real op", () => {
  const { op, inputs } = lastOp(diff(alpine, scratch, {}));
  expect(inputs).toHaveLength(1);
  expect(op.value).toMatchObject({ lower: { input: 0n }, upper: { input: -1n } });
});

test("the lower state gives the settings", () => {
  expect(diff(withDir(alpine, "/w"), context, {})).toMatchObject({ dir: "/w" });
});
