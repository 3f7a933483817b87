import { expect, test } from "bun:test";
import type { BuildRecord } from "../../src/client/build-record.ts";
import { parseHistoryFilter } from "../../src/client/history-filter.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const hour = 3_600_000;

const record: BuildRecord = {
  ref: "abcdef",
  status: "error",
  createdAt: now - 2 * hour,
  completedAt: now - hour,
  frontend: "",
  attributes: { "vcs:source": "https://git.example/me/app.git" },
  exporters: [],
  response: {},
  steps: { total: 0, completed: 0, cached: 0 },
  warnings: 0,
  error: { code: 2, message: "no" },
  pinned: false,
  results: [],
  logs: undefined,
  trace: undefined,
  externalError: undefined,
};

function matches(text: string, of: Partial<BuildRecord> = {}): boolean {
  return parseHistoryFilter(text)({ ...record, ...of }, now);
}

test("text is compared whole or in part, as buildx does", () => {
  expect([matches("status=error"), matches("status=completed"), matches("status!=completed")]).toEqual([
    true,
    false,
    true,
  ]);
  expect([matches("ref=bcd"), matches("ref==bcd"), matches("ref==abcdef"), matches("ref!=bcd")]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect([matches("repository=me/app"), matches("repository=other")]).toEqual([true, false]);
});

test("times are compared with a time or with an age", () => {
  expect([matches("startedAt>=2026-11-22T10:00:00Z"), matches("startedAt>2026-11-22T10:00:00Z")]).toEqual([
    true,
    false,
  ]);
  expect([matches("startedAt>3h"), matches("startedAt<3h"), matches("completedAt<=60m")]).toEqual([true, false, true]);
  expect(matches("completedAt<1s", { completedAt: undefined })).toBe(false);
});

test("durations are compared with durations", () => {
  expect([matches("duration>59m"), matches("duration<=1h"), matches("duration>1h")]).toEqual([true, true, false]);
  expect(matches("duration>0", { completedAt: undefined })).toBe(false);
});

test("what means nothing is refused", () => {
  expect(() => parseHistoryFilter("stauts=error")).toThrow(
    '"stauts=error" has no known field (did you mean "status"?)',
  );
  expect(() => parseHistoryFilter("status")).toThrow("has no operator");
  expect(() => parseHistoryFilter("status=failed")).toThrow("names no status");
  expect(() => parseHistoryFilter("status>error")).toThrow("cannot compare status with >");
  expect(() => parseHistoryFilter("duration=1s")).toThrow("compares duration with =");
  expect(() => parseHistoryFilter("startedAt>noon")).toThrow("needs a time or a duration");
  expect(() => parseHistoryFilter("constructor=1")).toThrow("no known field");
});
