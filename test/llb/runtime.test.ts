import { expect, test } from "bun:test";
import { runtimeOf } from "../../src/llb/runtime.ts";
import { scratch, withDir, withEnv, withUser } from "../../src/llb/state.ts";
import { alpine } from "./sample.ts";

test("without a config everything starts empty, at the root", () => {
  const runtime = runtimeOf(undefined);
  expect([runtime.env(alpine), runtime.dir(alpine), runtime.user(alpine)]).toEqual([[], "/", ""]);
  expect(runtime.dir(withDir(scratch, "a"))).toBe("/a");
});

test("an image is asked once", () => {
  let asked = 0;
  const runtime = runtimeOf(() => {
    asked++;
    return undefined;
  });
  for (let turn = 0; turn < 3; turn++) runtime.dir(alpine);
  runtime.user(alpine);
  expect(asked).toBe(1);
});

test("the state's settings win over the image's", () => {
  const runtime = runtimeOf(() => ({ env: ["A=1", "B=1"], workingDir: "w", user: "app" }));
  expect(runtime.dir(alpine)).toBe("/w");
  expect(runtime.dir(withDir(alpine, "x"))).toBe("/w/x");
  expect(runtime.user(withUser(alpine, ""))).toBe("");
  expect(runtime.env(withEnv(alpine, new Map([["A", "2"]])))).toEqual(["B=1", "A=2"]);
  expect(runtime.env(scratch)).toEqual([]);
});
