import { expect, test } from "bun:test";
import { dockerfile } from "../../src/starter/dockerfile.ts";
import { folderOf } from "./folder-of.ts";

test("a Dockerfile is converted, and what could not be is said", () => {
  const recipe = dockerfile((text, name) => ({ script: `-- ${name}: ${text}`, remarks: ["line 2, ONBUILD"] }));
  const { saw, script } = recipe.make(folderOf({ Dockerfile: "FROM x" }));
  expect(script).toBe("-- Dockerfile: FROM x");
  expect(saw).toEqual(["Dockerfile: converted to Lua", "not converted: line 2, ONBUILD"]);
});

test("one that cannot be is left to the daemon", () => {
  const recipe = dockerfile(() => ({ script: undefined, remarks: ["unknown instruction FRM"] }));
  const { saw, script } = recipe.make(folderOf({ Containerfile: "FRM x" }));
  expect(saw).toEqual(["Containerfile: the script has the daemon build it (unknown instruction FRM)"]);
  expect(script).toContain('bk.dockerfile({ filename = "Containerfile" })');
});

test("without one, the script names the usual one", () => {
  const recipe = dockerfile(() => ({ script: "", remarks: [] }));
  expect(recipe.make(folderOf({})).script).toContain("bk.dockerfile()");
});
