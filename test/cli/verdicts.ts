import type { Verdict } from "../../src/cli/verdict.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";

const source = 'local a = bk.image("a:1")\na:run("sudo make")\n';
const module = "-- module\n";

/** A script with two findings, one of them in a module, and one with an error. */
export const verdicts: readonly Verdict[] = [
  {
    script: "ci files/build.lua",
    error: undefined,
    findings: [
      {
        rule: "sudo",
        severity: "warning",
        problem: new LuakitError("script.lint", 'the step uses "sudo"', {
          position: { file: "build.lua", line: 2, source },
          hint: "leave it out",
        }),
      },
      {
        rule: "git-clone",
        severity: "info",
        problem: new LuakitError("script.lint", "100%, really\nso", {
          position: { file: "lib/a.lua", line: 1, column: 4, endColumn: 10, source: module },
          callers: [{ file: "build.lua", line: 1, source }],
        }),
      },
    ],
  },
  {
    script: "./other.lua",
    error: new LuakitError("script.runtime", "here", {
      position: { file: "other.lua", line: 1, source: "error('here')" },
    }),
    findings: [],
  },
];
