import { expect, test } from "bun:test";
import { PathList } from "../../../src/session/fsutil/path-list.ts";

/** In the order of the protocol: what is in `a` comes before `a-b`. */
const paths = ["a", "a/b", "a/b/c", "a/b\u00e9", "a-b", "a-b/x", "b"];

test("paths come back by their index, and are found", () => {
  const list = new PathList();
  const all = Array.from({ length: 2000 }, (_, index) => `d${String(index).padStart(4, "0")}`).flatMap((directory) =>
    paths.map((path) => `${directory}/${path}`),
  );
  for (const path of all) list.add(path);
  expect(list.length).toBe(all.length);
  for (const [index, path] of all.entries()) {
    if (list.at(index) !== path || list.find(path) !== index) throw new Error(`${index} is not ${path}`);
  }
  expect(list.at(all.length)).toBe("");
  for (const missing of ["", "a", "d0000", "d0000/a/", "d0000/aa", "d1999/c", "e"])
    expect(list.find(missing)).toBeUndefined();
});

test("a list of nothing finds nothing", () => {
  const list = new PathList();
  expect([list.find("a"), list.at(0), list.length]).toEqual([undefined, "", 0]);
});
