import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { list, map } from "../../lua/table.ts";
import { scalar } from "./scalar.ts";

/** Environment variables: `{NAME = "value"}` in the order of the names' bytes, or `{"NAME=value"}` in the order given. */
export const env: Kind<ReadonlyMap<string, string>> = refine(
  oneOf(list(text), map(scalar)),
  { type: "table<string, string|number|boolean>|string[]", expected: "table" },
  (value) => {
    const entries = value instanceof Map ? [...value] : [...value].map((item) => splitAssignment(String(item)));
    for (const [name, content] of entries) checkVariable(name, content);
    return new Map(entries);
  },
);

function splitAssignment(item: string): [string, string] {
  const equals = item.indexOf("=");
  if (equals >= 0) return [item.slice(0, equals), item.slice(equals + 1)];
  throw new LuakitError("script.option", `"${item}" gives no value`, { hint: `write "${item}=value"` });
}

function checkVariable(name: string, value: string): void {
  if (name === "") throw new LuakitError("script.option", "a variable has no name");
  if (/[=\0]/.test(name)) {
    throw new LuakitError("script.option", `"${name.replaceAll("\0", "\\0")}" is not the name of a variable`);
  }
  if (value.includes("\0")) throw new LuakitError("script.option", `the value of ${name} has a NUL byte`);
}
