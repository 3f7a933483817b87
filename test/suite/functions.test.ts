import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiFunctions } from "../../src/api/api.ts";
import { testFunctions } from "../../src/suite/functions.ts";
import { inDirectory } from "../support/build.ts";
import { runTestFile } from "./run.ts";

const script = `local version = bk.arg("VERSION", "dev")
print("the version is " .. version)
bk.warn("DEBUG builds are slow")
bk.target("release", { default = true }, function()
  return bk.image("golang:1.25"):run("go build -o /app"), { entrypoint = { "/app" } }
end)
`;

describe("every function of tests", () => {
  for (const { name, example } of testFunctions) {
    // Their examples need warnings, or none of them.
    const source =
      name === "expect:has_no_warning" || name === "build.warnings" ? script.replace(/^bk.warn.*\n/m, "") : script;

    test(`${name} has an example that passes`, () =>
      inDirectory(async (directory) => {
        writeFileSync(join(directory, "build.lua"), source);
        const { tests, error } = runTestFile(directory, `${example}\n`);
        const wanted =
          name.endsWith(".skip") || name === "test.solve" || name.startsWith("solved") ? "skipped" : "passed";
        expect(error?.message).toBeUndefined();
        expect(tests.map(({ outcome, failures }) => [outcome, ...failures.map(({ message }) => message)])).toEqual([
          [wanted],
        ]);
      }));
  }
});

test("names are those of nothing in build scripts", () => {
  const known = new Set(apiFunctions.map(({ name }) => name));
  expect(testFunctions.filter(({ name }) => known.has(name))).toEqual([]);
  expect(new Set(testFunctions.map(({ name }) => name)).size).toBe(testFunctions.length);
});
