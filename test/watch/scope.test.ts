import { heapStats } from "bun:jsc";
import { expect, setDefaultTimeout, test } from "bun:test";
import { ScopeFilter } from "../../src/watch/scope.ts";

setDefaultTimeout(30_000);

test("names that come and go take no memory, and are told apart all the same", () => {
  const directory = { path: "/context", exclude: ["*.log", "built", "**/*.tmp"] };
  const filter = new ScopeFilter({ directories: [directory], files: [], outputs: [] });
  const look = (count: number) => {
    for (let index = 0; index < count; index++) {
      const parent = `/context/d${index}`;
      const ignored = [`${parent}/a`, `${parent}/b.tmp`, "/context/built/x"].map((path) =>
        filter.ignores(path, undefined),
      );
      if (ignored.join() !== "false,true,true") throw new Error(`${index}: ${ignored}`);
    }
    Bun.gc(true);
    return heapStats().heapSize;
  };
  const before = look(2000);
  expect(look(10_000)).toBeLessThan(before + 2e6);
});
