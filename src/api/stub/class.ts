import type { FunctionDescriptor } from "../../lua/function.ts";
import type { HandleType } from "../../lua/handle.ts";
import { memberName } from "../../lua/install.ts";
import type { Field } from "../../lua/kind.ts";
import { type Fields, presentType } from "../describe.ts";
import { comment } from "./comment.ts";

/** The class of an opaque value. The private field, which no script can reach, keeps tables from passing for one. */
export function renderHandle(
  { name, doc }: HandleType<unknown>,
  fields: readonly FunctionDescriptor<never>[] = [],
): string {
  return [
    ...comment(doc),
    `---@class ${name}`,
    `---@field private handle "${name}"`,
    ...fields.map((field) => `---@field ${memberName(field.name)} ${field.returns?.type ?? "any"} ${field.doc}`),
    `local ${name} = {}`,
  ].join("\n");
}

/** The class of a table of options. As a table of its keys it has no others. */
export function renderTable(name: string, fields: Fields): string {
  const keys = Object.keys(fields).map((key) => `"${key}"`);
  return [
    `---@alias ${name}Key ${keys.join("|")}`,
    "",
    `---@class (exact) ${name}: table<${name}Key, any>`,
    ...Object.entries(fields).map(([key, field]) => renderField(key, field)),
  ].join("\n");
}

function renderField(key: string, { kind, doc, required }: Field): string {
  return `---@field ${key}${required === true ? "" : "?"} ${presentType(kind)} ${doc}`;
}
