import { expect, test } from "bun:test";
import { parseAge, parseUsageFilter } from "../../src/client/usage-filter.ts";

test("docker's filters become containerd's", () => {
  expect(parseUsageFilter(["type=regular", "id=abc", "shared"])).toEqual({
    terms: ["type==regular", "id~=abc", "shared"],
    age: undefined,
  });
  expect(parseUsageFilter(["description=a b"]).terms).toEqual(['description=="a b"']);
});

test("buildctl's filters stay as they are, and commas join terms", () => {
  const value = 'type==exec.cachemount,description~="pip, \\"npm\\"",inuse!=true';
  expect(parseUsageFilter([value]).terms).toEqual([
    "type==exec.cachemount",
    'description~="pip, \\"npm\\""',
    "inuse!=true",
  ]);
});

test("until and unused-for are an age in nanoseconds", () => {
  expect(parseUsageFilter(["until=24h"])).toEqual({ terms: [], age: 86_400e9 });
  expect(parseUsageFilter(["unused-for=1m30s,private"])).toEqual({ terms: ["private"], age: 90e9 });
  expect(parseAge("0")).toBe(0);
});

test("what a daemon would ignore is refused", () => {
  expect(() => parseUsageFilter(["typ=regular"])).toThrow('"typ=regular" has no known field (did you mean "type"?)');
  expect(() => parseUsageFilter(["until=yesterday"])).toThrow('"until=yesterday" needs a duration');
  expect(() => parseUsageFilter(["until=9000000h"])).toThrow('the duration "9000000h" is too long');
  expect(parseUsageFilter(["until=4320h"]).age).toBe(4320 * 3600e9);
  expect(() => parseUsageFilter(["until=-1h"])).toThrow("needs a duration");
  expect(() => parseUsageFilter(["until=1h", "unused-for=2h"])).toThrow("given twice");
  for (const empty of ["", ",", "=x"]) expect(() => parseUsageFilter([empty])).toThrow("no known field");
});
