import { describe, expect, test } from "bun:test";
import { apiFunctions, apiHandles } from "../../../src/api/api.ts";
import { namedTables } from "../../../src/api/describe.ts";
import { renderStub } from "../../../src/api/stub/stub.ts";

const stub = renderStub({ functions: apiFunctions, handles: apiHandles });
const tables = namedTables(apiFunctions);

/** The documentation above a declaration, with it. */
function declarationOf(head: string): string {
  const at = stub.indexOf(`\n${head}`);
  expect(at).toBeGreaterThan(0);
  const begin = stub.lastIndexOf("\n\n", at);
  return stub.slice(begin, stub.indexOf("\n\n", at));
}

describe("the definitions", () => {
  test("are those that require gives for the prelude", () => {
    expect(stub).toStartWith("---@meta prelude\n");
    expect(stub).toEndWith("\nreturn M\n");
  });

  test.each(apiFunctions.map((each) => [each.name, each] as const))("have %s", (name, each) => {
    const owner = each.self === undefined ? name : `${each.self.name}:${name.slice(name.indexOf(":") + 1)}`;
    const text = declarationOf(`function ${owner}(`);
    expect(text).toContain(`---${each.doc}`);
    for (const line of each.example.split("\n")) expect(text).toContain(`---${line}\n`);
    for (const parameter of each.params) {
      const shown = parameter.rest === true ? "..." : parameter.name;
      expect(text).toMatch(new RegExp(`^---@param ${shown.replaceAll(".", "\\.")}\\?? \\S.* \\S`, "m"));
      if (parameter.doc !== undefined) expect(text).toContain(` ${parameter.doc}\n`);
    }
    if (each.returns !== undefined) expect(text).toContain(`---@return ${each.returns.type}`);
  });

  test.each([...tables])("have the options of %s", (name, fields) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    const text = declarationOf(`---@class (exact) ${name}:`);
    for (const [key, { doc, required }] of Object.entries(fields)) {
      const line = text
        .split("\n")
        .find((each) => each.startsWith(`---@field ${key}${required === true ? " " : "? "}`));
      expect(line).toEndWith(` ${doc}`);
    }
    expect(stub).toContain(
      `---@alias ${name}Key ${Object.keys(fields)
        .map((key) => `"${key}"`)
        .join("|")}\n`,
    );
  });

  test("have the words of an option as a union", () => {
    expect(stub).toContain('---@field network? "sandbox"|"host"|"none" `sandbox` is the default');
    expect(stub).toContain('---@param mode "sandbox"|"host"|"none" ');
  });

  test("say what a call without an argument in its middle takes", () => {
    expect(declarationOf("function bk.target(")).toContain("---@overload fun(name: string, build: fun(): ");
  });
});
