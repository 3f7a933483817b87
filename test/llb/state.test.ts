import { expect, test } from "bun:test";
import { run } from "../../src/llb/exec.ts";
import * as states from "../../src/llb/state.ts";
import { alpine, define } from "./sample.ts";

test.each([
  ["/a", "b", "/a/b"],
  ["/a", "../b", "/b"],
  ["/a", "/b", "/b"],
  ["a", "b", "a/b"],
])("%p then %p is %p", (first, second, dir) => {
  expect(states.withDir(states.withDir(alpine, first), second).dir).toBe(dir);
});

test.each([
  [() => states.withDir(alpine, ""), "empty"],
  [() => states.withShell(alpine, []), "empty"],
  [() => states.withUser(alpine, "a\0"), "NUL"],
  [() => states.withHostname(alpine, "a\ud800"), "UTF-8"],
])("%p is refused", (make, message) => {
  expect(make).toThrow(message);
});

test("hosts add up", () => {
  const once = states.withHosts(alpine, new Map([["a", "1.1.1.1"]]));
  expect(states.withHosts(once, new Map([["b", "2.2.2.2"]])).hosts?.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("metadata describes the op without touching the state that was there", () => {
  const step = run(alpine, "x", {}, {});
  const named = states.withMetadata(step, { name: "the step" });
  expect(define(step).result?.op.metadata).toBeUndefined();
  expect(define(named).result?.op.metadata?.description?.get("llb.customname")).toBe("the step");
  expect(define(named).result?.op.digest).toBe(define(step).result?.op.digest);
  expect(named.exec).toBe(named.output?.vertex);
});

test("scratch and empty options change nothing", () => {
  expect(states.withMetadata(states.scratch, { name: "x" })).toBe(states.scratch);
  expect(states.withMetadata(alpine, {})).toBe(alpine);
});

test("metadata of an image keeps the state its descendant", () => {
  const named = states.withMetadata(alpine, { name: "base" });
  expect(named.base).toBe(named.output?.vertex);
});
