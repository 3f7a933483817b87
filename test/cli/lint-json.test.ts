import { expect, test } from "bun:test";
import { formatLintJson } from "../../src/cli/lint-json.ts";
import { verdicts } from "./verdicts.ts";

test("a finding has its rule, its severity, its page and its columns", () => {
  const { version, scripts } = JSON.parse(formatLintJson(verdicts));
  expect(version).toBe(1);
  expect(scripts).toMatchObject([
    { script: "ci files/build.lua", valid: true, errors: [] },
    { script: "./other.lua", valid: false, errors: [{ code: "script.runtime", file: "other.lua", line: 1 }] },
  ]);
  expect(scripts[0].warnings).toEqual([
    {
      rule: "sudo",
      severity: "warning",
      url: "https://github.com/luakit-build/luakit/blob/main/docs/lint.md#sudo",
      code: "script.lint",
      message: 'the step uses "sudo"',
      file: "build.lua",
      line: 2,
      column: 8,
      endColumn: 12,
      hint: "leave it out",
      callers: [],
    },
    expect.objectContaining({ rule: "git-clone", severity: "info", file: "lib/a.lua", column: 4, endColumn: 10 }),
  ]);
  expect(scripts[0].warnings[1].callers).toEqual([{ file: "build.lua", line: 1 }]);
});
