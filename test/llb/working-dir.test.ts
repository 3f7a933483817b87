import { expect, test } from "bun:test";
import { scratch, withUser } from "../../src/llb/state.ts";
import { makeDir } from "../../src/llb/working-dir.ts";

test("the directory is made in the state that it is set on", () => {
  const state = makeDir(withUser(scratch, "1000:1000"), "/app", {});
  expect(state.dir).toBe("/app");
  expect(state.output?.vertex.op).toMatchObject({
    type: "file",
    actions: [{ type: "mkdir", path: ".", makeParents: true, ownedByUser: true }],
    state: { dir: "/app", user: "1000:1000" },
  });
});

test("a root needs no making", () => {
  expect(makeDir(scratch, "/", {}).output).toBeUndefined();
  expect(makeDir(scratch, "/a/..", {}).output).toBeUndefined();
});
