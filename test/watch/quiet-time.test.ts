import { expect, test } from "bun:test";
import { QuietTime } from "../../src/watch/quiet-time.ts";

test("changes that come together are one", async () => {
  const given: (readonly string[])[] = [];
  const quiet = new QuietTime((paths) => void given.push(paths));
  for (const path of ["a", "b", "a"]) {
    quiet.add(path);
    await Bun.sleep(20);
  }
  expect(given).toEqual([]);
  await Bun.sleep(250);
  quiet.add("c");
  await Bun.sleep(250);
  expect(given).toEqual([["a", "b"], ["c"]]);
});

test("changes that never end are given all the same", async () => {
  const given: (readonly string[])[] = [];
  const quiet = new QuietTime((paths) => void given.push(paths));
  const end = performance.now() + 2600;
  while (performance.now() < end && given.length === 0) {
    quiet.add("a");
    await Bun.sleep(30);
  }
  expect(given).toEqual([["a"]]);
});

test("what is stopped gives nothing", async () => {
  const given: (readonly string[])[] = [];
  const quiet = new QuietTime((paths) => void given.push(paths));
  quiet.add("a");
  quiet.stop();
  await Bun.sleep(200);
  expect(given).toEqual([]);
});
