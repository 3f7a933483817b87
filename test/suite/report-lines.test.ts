import { expect, test } from "bun:test";
import { formatError } from "../../src/cli/report.ts";
import {
  colorReport,
  failureLines,
  fileLines,
  formatTime,
  plainReport,
  summaryLines,
} from "../../src/suite/report-lines.ts";
import { type FileResult, noSnapshots, type SuiteResult } from "../../src/suite/suite-result.ts";

const passed = {
  path: ["group", "a"],
  line: 1,
  outcome: "passed",
  milliseconds: 3,
  failures: [],
  printed: [],
} as const;
const failure = {
  code: "test.failed",
  message: "the values differ",
  callers: [],
  hint: "look",
  difference: [
    { sign: "-", text: "1" },
    { sign: "+", text: "2" },
  ],
} as const;
const failed = { ...passed, path: ["b"], outcome: "failed", failures: [failure] } as const;
const skipped = { ...passed, path: ["c"], outcome: "skipped", reason: "needs --solve" } as const;
const file: FileResult = {
  name: "a_test.lua",
  tests: [passed, failed, skipped],
  printed: ["loud\u001b[1m"],
  milliseconds: 1234,
  snapshots: { ...noSnapshots, added: 1, obsolete: ["old 1"] },
};
const result: SuiteResult = { files: [file], milliseconds: 2000, unfinished: ["b_test.lua"] };

test("a file is one line, with those of its tests that did not pass, and what it printed", () => {
  expect(fileLines(file, plainReport)).toEqual([
    "✗ a_test.lua (3 tests, 1 failed, 1 skipped) 1.23 s",
    "  ✗ b 3 ms",
    "  - c (skipped: needs --solve)",
    "  | loud[1m",
  ]);
});

test("a failure has its differences, then its hint", () => {
  expect(failureLines(result, plainReport, formatError)).toEqual([
    "",
    "✗ a_test.lua > b",
    "error: the values differ",
    "  - expected  + actual",
    "  - 1",
    "  + 2",
    "hint: look",
  ]);
});

test("the summary says what was not run, and why", () => {
  expect(summaryLines(result, plainReport)).toEqual([
    "",
    "snapshots: 1 written",
    "! 1 snapshot that no test asks for; --update removes it:",
    "  a_test.lua: old 1",
    "not run: b_test.lua",
    "! 1 test skipped that needs a daemon: luakit test --solve",
    "3 tests in 1 file: 1 failed, 1 passed, 1 skipped 2.00 s",
  ]);
});

test("colours only add to the text", () => {
  const lines = (style: typeof plainReport) => [
    ...fileLines(file, style),
    ...failureLines(result, style, formatError),
    ...summaryLines(result, style),
  ];
  const colored = lines(colorReport).join("\n");
  expect(colored).toContain("\u001b[31m+ 2\u001b[0m");
  expect(Bun.stripANSI(colored)).toBe(lines(plainReport).join("\n"));
});

test.each([
  [0.4, "0 ms"],
  [999, "999 ms"],
  [1000, "1.00 s"],
])("%p ms are %s", (milliseconds, text) => {
  expect(formatTime(milliseconds)).toBe(text);
});
