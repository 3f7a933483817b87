import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiFunctions } from "../../src/api/api.ts";
import { testFunctions } from "../../src/suite/functions.ts";
import { inDirectory } from "../support/build.ts";
import { readBlocks } from "../support/document.ts";
import { runTestFile } from "./run.ts";

const page = readFileSync("docs/test-api.md", "utf8");
const script = readBlocks(page).find(({ title }) => title === "build.lua")?.body ?? "";

describe("every function of tests", () => {
  for (const { name, example } of testFunctions) {
    test(`${name} has an example that passes`, () =>
      inDirectory(async (directory) => {
        writeFileSync(join(directory, "build.lua"), script);
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
