import { expect, test } from "bun:test";
import { formatAge, formatTime } from "../../src/cli/human-time.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

test("ages are in the biggest unit that tells them well", () => {
  const age = (seconds: number) => formatAge(now - seconds * 1000, now);
  expect([0, -5, 1, 59, 60, 3599, 7200].map(age)).toEqual([
    "just now",
    "just now",
    "1 second ago",
    "59 seconds ago",
    "1 minute ago",
    "59 minutes ago",
    "2 hours ago",
  ]);
  const days = (count: number) => age(count * 86_400);
  expect([1, 2, 13, 14, 59, 60, 800].map(days)).toEqual([
    "24 hours ago",
    "2 days ago",
    "13 days ago",
    "2 weeks ago",
    "8 weeks ago",
    "2 months ago",
    "2 years ago",
  ]);
  expect(formatAge(undefined, now)).toBe("");
});

test("times are local and say by how much", () => {
  const text = formatTime(now);
  expect(text).toMatch(/^2026-11-2[123] \d\d:\d\d:00 [+-]\d{4}$/);
  expect(Date.parse(text.replace(" ", "T").replace(" ", ""))).toBe(now);
  expect(formatTime(undefined)).toBe("");
});
