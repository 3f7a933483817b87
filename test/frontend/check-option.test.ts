import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { checkWarnings } from "../../src/frontend/check-option.ts";

const warnings = [new LuakitError("script.runtime", "old")];
const checked = (text?: string) =>
  checkWarnings(new Map(text === undefined ? [] : [["BUILDKIT_DOCKERFILE_CHECK", text]]), warnings);

test("warnings count, and end nothing, unless the client says so", () => {
  for (const text of [undefined, "", "skip=Other, Another", "error=false", "experimental=all"]) {
    expect(checked(text)).toEqual({ warnings });
  }
});

test("they are left out by name or with all others, and are then no error", () => {
  for (const text of ["skip=all", "skip=A, ScriptWarning", "skip=script-warning", " skip = all ; error = true "]) {
    expect(checked(text)).toEqual({ warnings: [] });
  }
});

test("they are an error when the client wants that, and stay warnings", () => {
  for (const text of ["error=true", "skip=A;error=1"]) {
    expect(checked(text)).toMatchObject({
      warnings,
      error: { message: "lint violation found for rules: script-warning" },
    });
  }
  expect(checkWarnings(new Map([["BUILDKIT_DOCKERFILE_CHECK", "error=true"]]), [])).toEqual({ warnings: [] });
});

test("what cannot be read is refused by its name", () => {
  for (const text of ["frob", "frob=1", "error=perhaps"]) {
    expect(() => checked(text)).toThrow(/option "build-arg:BUILDKIT_DOCKERFILE_CHECK": /);
  }
});
