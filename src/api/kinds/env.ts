import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { list, map } from "../../lua/table.ts";
import { scalar } from "./scalar.ts";

/** Environment variables: `{NAME = "value"}` in the order of the names' bytes, or `{"NAME=value"}` in the order given. */
export const env: Kind<ReadonlyMap<string, string>> = refine(
  oneOf(list(text), map(scalar)),
  { type: "table<string, string|number|boolean|nil>|string[]", expected: "table" },
  (value) => {
    const variables: ReadonlyMap<string, string> = isList(value) ? new Map(value.map(splitAssignment)) : value;
    variables.forEach((content, name) => {
      checkVariable(name, content);
    });
    return variables;
  },
);

function isList(value: readonly string[] | ReadonlyMap<string, string>): value is readonly string[] {
  return Array.isArray(value);
}

function splitAssignment(item: string): [string, string] {
  const equals = item.indexOf("=");
  if (equals >= 0) return [item.slice(0, equals), item.slice(equals + 1)];
  throw new LuakitError("script.option", `"${item}" gives no value`, { hint: `write "${item}=value"` });
}

function checkVariable(name: string, value: string): void {
  if (name === "") throw new LuakitError("script.option", "a variable has no name");
  if (name.includes("=") || name.includes("\0")) {
    throw new LuakitError("script.option", `"${name.replaceAll("\0", "\\0")}" is not the name of a variable`);
  }
  if (value.includes("\0")) throw new LuakitError("script.option", `the value of ${name} has a NUL byte`);
}
