import { expect, test } from "bun:test";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
import Ajv from "ajv";
import draft from "ajv/lib/refs/json-schema-draft-04.json";
import { formatLintSarif } from "../../src/cli/lint-sarif.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { verdicts } from "./verdicts.ts";

const check = new Ajv({ schemaId: "auto", unknownFormats: "ignore" }).addMetaSchema(draft).compile(schema);

test("fits the schema of SARIF 2.1.0, with findings and without", () => {
  for (const given of [verdicts, []]) {
    check(JSON.parse(formatLintSarif(given)));
    expect(check.errors ?? []).toEqual([]);
  }
  expect(check({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
});

test("a result has its rule, its level, and the columns that are underlined", () => {
  const [run] = JSON.parse(formatLintSarif(verdicts)).runs;
  const [first, second, last] = run.results;
  const region = { startLine: 2, startColumn: 8, endColumn: 12 };
  expect(first).toMatchObject({
    ruleId: "sudo",
    level: "warning",
    message: { text: 'the step uses "sudo"\nleave it out' },
    locations: [{ physicalLocation: { artifactLocation: { uri: "ci%20files/build.lua" }, region } }],
  });
  expect(run.tool.driver.rules[first.ruleIndex]).toMatchObject({
    id: "sudo",
    helpUri: "https://github.com/luakit-build/luakit/blob/main/docs/lint.md#sudo",
    defaultConfiguration: { level: "warning" },
  });
  expect(second).toMatchObject({ ruleId: "git-clone", level: "note" });
  expect(second.locations[0].physicalLocation.artifactLocation.uri).toBe("ci%20files/lib/a.lua");
  expect(last).toMatchObject({ ruleId: "script.runtime", level: "error" });
  expect(run.tool.driver.rules[last.ruleIndex].id).toBe("script.runtime");
});

test("what is nowhere in a script is on its first line", () => {
  const problem = new LuakitError("script.lint", "not read");
  const given = {
    script: "a.lua",
    error: undefined,
    findings: [{ rule: "sudo", severity: "error", problem }],
  } as const;
  const [result] = JSON.parse(formatLintSarif([given])).runs[0].results;
  expect(result).toMatchObject({ level: "error", locations: [{ physicalLocation: { region: { startLine: 1 } } }] });
});
