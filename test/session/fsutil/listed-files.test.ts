import { expect, test } from "bun:test";
import { ListedFiles } from "../../../src/session/fsutil/listed-files.ts";

test("files are found by their id, and asked for once, in whichever order", () => {
  const files = new ListedFiles();
  const count = 10_000;
  const path = (id: number) => `directory/\u00e9${id}`;
  for (let id = 0; id < count; id++) files.add(path(id), id % 3 === 0 ? undefined : id);
  for (let step = 0; step < count; step++) {
    const id = (step * 7919) % count;
    if (files.ask(id) !== (id % 3 !== 0) || files.ask(id)) throw new Error(`${id} is asked for`);
    if (id % 3 !== 0) expect(files.get(id)).toEqual({ path: path(id), size: id });
  }
});

test("a file may be asked for while others are added; an empty one is a file", () => {
  const files = new ListedFiles();
  files.add("a", 0);
  expect([files.ask(1), files.ask(0), files.ask(0)]).toEqual([false, true, false]);
  expect(files.get(0)).toEqual({ path: "a", size: 0 });
  for (let id = 1; id <= 5000; id++) files.add(`f${id}`, 2 ** 40 + id);
  expect(files.get(0)).toEqual({ path: "a", size: 0 });
  expect([0, 5000, 5001, 8192, 2 ** 32 - 1].map((id) => files.ask(id))).toEqual([false, true, false, false, false]);
  expect(files.get(5000)).toEqual({ path: "f5000", size: 2 ** 40 + 5000 });
});
