import { oneOf } from "../../lua/compose.ts";
import { type Kind, luaType, Mismatch, mismatch } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { list, map } from "../../lua/table.ts";
import { scalarText } from "./scalar.ts";

const assignments = list(text);
const named = map(scalarText);
const either = oneOf(assignments, named);

/**
 * Environment variables: `{NAME = "value"}` in the order of the names' bytes, or `{"NAME=value"}` in the order given.
 * Most steps have some, so it is told from outside which of the two it is.
 */
export const env: Kind<ReadonlyMap<string, string>> = {
  type: "table<string, string|number|boolean|nil>|string[]",
  expected: "table",
  accepts: either.accepts,
  parts: [either],
  matches: (stack, slot) => stack.type(slot) === luaType.table,
  read(stack, slot) {
    if (stack.type(slot) !== luaType.table) throw mismatch("table", stack, slot);
    const variables = stack.isList(slot)
      ? new Map(assignments.read(stack, slot).map(splitAssignment))
      : named.read(stack, slot);
    variables.forEach(checkVariable);
    return variables;
  },
};

function splitAssignment(item: string): [string, string] {
  const equals = item.indexOf("=");
  if (equals >= 0) return [item.slice(0, equals), item.slice(equals + 1)];
  throw new Mismatch(`"${item}" gives no value`, "script.option", `write "${item}=value"`);
}

function checkVariable(value: string, name: string): void {
  if (name === "") throw new Mismatch("a variable has no name", "script.option");
  if (name.includes("=") || name.includes("\0")) {
    throw new Mismatch(`"${name.replaceAll("\0", "\\0")}" is not the name of a variable`, "script.option");
  }
  if (value.includes("\0")) throw new Mismatch(`the value of ${name} has a NUL byte`, "script.option");
}
