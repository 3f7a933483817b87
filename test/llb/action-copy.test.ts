import { expect, test } from "bun:test";
import { copyAction } from "../../src/llb/action-copy.ts";
import { scratch } from "../../src/llb/state.ts";

test("a list of sources is a list of actions with the same options", () => {
  const actions = copyAction(scratch, ["/a", "/b"], "/d/", { mode: "u+x" });
  expect(actions.map(({ source, mode }) => [source, mode])).toEqual([
    ["/a", "u+x"],
    ["/b", "u+x"],
  ]);
  expect(actions[0]).toMatchObject({ contentsOnly: true, createDestPath: true, allowWildcard: true, unpack: false });
});

test.each([
  [() => copyAction(scratch, [], "/d", {}), "no source"],
  [() => copyAction(scratch, "", "/d", {}), "src: the path is empty"],
  [() => copyAction(scratch, "/a", "", {}), "dest: the path is empty"],
  [() => copyAction(scratch, "/a", "/d", { mode: "rwx" }), "no mode"],
  [() => copyAction(scratch, "/a", "/d", { include: [""] }), "include: a pattern is empty"],
  [() => copyAction(scratch, "/a", "/d", { requiredPaths: ["\0"] }), "NUL"],
])("%p is refused", (make, message) => {
  expect(make).toThrow(message);
});
