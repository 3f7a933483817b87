import { expect, test } from "bun:test";
import { run } from "./support.ts";

// Sunday 2023-12-31 23:59:58 UTC, in ISO week 52 of 2023.
const time = Date.UTC(2023, 11, 31, 23, 59, 58);
const now = () => time;

function date(format: string, seconds = time / 1000): string | undefined {
  return run(`out(tostring(os.date(${JSON.stringify(format)}, ${seconds})))`, { now })[0];
}

test("os.time and os.date tell the VM's time, in UTC everywhere", () => {
  expect(run("out(tostring(os.time()), os.date('%Y-%m-%d %H:%M:%S'))", { now })).toEqual([
    `${time / 1000} 2023-12-31 23:59:58`,
  ]);
  expect(date("%c")).toBe("Sun Dec 31 23:59:58 2023");
  expect(date("!%c")).toBe("Sun Dec 31 23:59:58 2023");
});

test("os.date knows the conversions of C99", () => {
  expect(date("%a %A %b %B %d %D %e %F %h")).toBe("Sun Sunday Dec December 31 12/31/23 31 2023-12-31 Dec");
  expect(date("%H %I %j %m %M %p %r %R %S %T")).toBe("23 11 365 12 59 PM 11:59:58 PM 23:59 58 23:59:58");
  expect(date("%u %U %V %w %W %x %X %y %Y %z %Z %% %C %g %G")).toBe(
    "7 53 52 0 52 12/31/23 23:59:58 23 2023 +0000 UTC % 20 23 2023",
  );
  expect(date("%G-%V %I %p %U %W %j", Date.UTC(2024, 0, 1) / 1000)).toBe("2024-01 12 AM 00 01 001");
  expect(date("%G-%V", Date.UTC(2021, 0, 3) / 1000)).toBe("2020-53");
  expect(date("%Ex %Od")).toBe("12/31/23 31");
});

test("os.time takes fields apart and puts them together", () => {
  expect(run("out(tostring(os.time({year = 2024, month = 2, day = 30, hour = 0})))")).toEqual([
    String(Date.UTC(2024, 2, 1) / 1000),
  ]);
  expect(run("local t = os.date('*t', 86400 * 365) out(t.year .. ' ' .. t.yday .. ' ' .. t.wday)")).toEqual([
    "1971 1 6",
  ]);
  expect(run("local t = {year = 2024, month = 14, day = 1} os.time(t) out(t.year .. ' ' .. t.month)")).toEqual([
    "2025 2",
  ]);
});

test("os.clock counts up from the start", () => {
  expect(run("out(tostring(os.clock() >= 0 and os.clock() < 5))")).toEqual(["true"]);
});
