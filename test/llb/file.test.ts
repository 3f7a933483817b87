import { expect, test } from "bun:test";
import { mkdirAction, rmAction, symlinkAction } from "../../src/llb/action.ts";
import { copyAction } from "../../src/llb/action-copy.ts";
import { type FileAction, fileOp } from "../../src/llb/file.ts";
import { local } from "../../src/llb/source-local.ts";
import { type State, scratch, withDir, withEnv } from "../../src/llb/state.ts";
import { alpine, define, lastOp } from "./sample.ts";

const configOf = () => ({ env: [], workingDir: "/srv", user: "" });

function actions(state: State, ...list: readonly FileAction[]) {
  const { op } = lastOp(fileOp(state, list, {}), { configOf });
  if (op.case !== "file") throw new Error("expected a file op");
  return op.value.actions;
}

test("actions are a chain, and only the last one is the output", () => {
  const chain = actions(
    alpine,
    mkdirAction("/a", {}),
    ...copyAction(local("context", {}, {}), "/", "/b", {}),
    ...rmAction("/c", {}),
  );
  expect(chain.map(({ input, secondaryInput, output }) => [input, secondaryInput, output].map(Number))).toEqual([
    [0, -1, -1],
    [2, 1, -1],
    [3, -1, 0],
  ]);
});

test("scratch is input -1", () => {
  const [action] = actions(scratch, mkdirAction("/a", {}));
  expect([action?.input, action?.secondaryInput, action?.output].map(Number)).toEqual([-1, -1, 0]);
});

test("relative paths are below the working directory, which may be the base image's", () => {
  const list = [
    mkdirAction("a", {}),
    symlinkAction("../x", "l", {}),
    ...copyAction(withDir(alpine, "sub"), "f", "g/", {}),
  ];
  const values = actions(withDir(alpine, "app"), ...list).map(({ action }) => action.value);
  expect(values).toMatchObject([
    { path: "/srv/app/a" },
    { oldpath: "../x", newpath: "/srv/app/l" },
    { src: "/srv/sub/f", dest: "/srv/app/g/" },
  ]);
});

test("a symbolic mode leaves the number at keep", () => {
  const [action] = actions(alpine, ...copyAction(scratch, "/a", "/b", { mode: "u+x" }));
  expect(action?.action.value).toMatchObject({ mode: -1, modeStr: "u+x" });
});

test("settings stay, mounts of an earlier step do not", () => {
  const before = withEnv(alpine, new Map([["A", "1"]]));
  const after = fileOp(before, [mkdirAction("/a", {})], {});
  expect(after).toMatchObject({ env: before.env, base: before.base, exec: undefined });
});

test.each([
  [() => fileOp(alpine, [], {}), "needs an action"],
  [() => fileOp(scratch, [mkdirAction("/a", { owner: "app" })], {}), "no /etc/passwd"],
  [() => fileOp(scratch, [mkdirAction("/a", { owner: "1:staff" })], {}), "no /etc/passwd"],
  [() => define(fileOp(alpine, rmAction("../..", {}), {})), "root itself"],
])("%p is refused", (make, message) => {
  expect(make).toThrow(message);
});
