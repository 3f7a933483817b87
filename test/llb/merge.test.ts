import { expect, test } from "bun:test";
import { merge } from "../../src/llb/merge.ts";
import { local } from "../../src/llb/source-local.ts";
import { scratch, withDir } from "../../src/llb/state.ts";
import { alpine } from "./sample.ts";

test("one state or none is no merge", () => {
  expect(() => merge([], {})).toThrow("two or more states, got 0");
  expect(() => merge([alpine], {})).toThrow("two or more states, got 1");
});

test("scratch vanishes", () => {
  expect(merge([scratch, scratch], {})).toBe(scratch);
  expect(merge([scratch, alpine], {})).toBe(alpine);
});

test("the first state that is not scratch gives the settings", () => {
  const merged = merge([scratch, withDir(alpine, "/w"), local("context", {}, {})], {});
  expect(merged).toMatchObject({ dir: "/w", base: alpine.base });
  expect(merged.output?.vertex.inputs).toHaveLength(2);
});
