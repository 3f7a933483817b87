import type { FunctionDescriptor } from "../../lua/function.ts";
import type { HandleType } from "../../lua/handle.ts";
import { namedTables } from "../describe.ts";
import { standardLibrary } from "../prelude.ts";
import { renderHandle, renderTable } from "./class.ts";
import { renderFunction } from "./function.ts";
import { renderLanguage } from "./language.ts";
import { renderPrelude } from "./prelude.ts";

const head = `---@meta prelude

-- What build scripts are made of, for editors: written by \`luakit types\`. Change it by running that again.
-- What it returns is what \`require "prelude"\` gives.

---@diagnostic disable: lowercase-global`;

/** What a file of definitions describes. */
export interface StubOptions {
  readonly functions: readonly FunctionDescriptor<never>[];
  readonly handles: readonly HandleType<unknown>[];
}

/** Definitions for LuaLS and what reads the same annotations: one file, of the functions' own descriptions. */
export function renderStub({ functions, handles }: StubOptions): string {
  const tables = [...namedTables(functions)].map(([name, fields]) => renderTable(name, fields));
  const parts = [
    head,
    ...handles.flatMap((handle) => renderMethods(handle, functions)),
    ...tables,
    ...renderGlobals(functions),
    renderLanguage(),
    renderPrelude(standardLibrary.get("prelude") ?? ""),
  ];
  return `${parts.join("\n\n")}\n`;
}

function renderMethods(handle: HandleType<unknown>, functions: readonly FunctionDescriptor<never>[]): string[] {
  const methods = functions.filter(({ self }) => self === handle);
  return [renderHandle(handle), ...methods.map((each) => renderFunction(each, `${handle.name}:${lastName(each)}`))];
}

/** The global tables, each with its functions. */
function renderGlobals(functions: readonly FunctionDescriptor<never>[]): string[] {
  const free = functions.filter(({ self }) => self === undefined);
  const owners = new Set(free.map(({ name }) => name.split(".").slice(0, -1).join(".")).filter((name) => name !== ""));
  return [...[...owners].map(renderOwner), ...free.map((each) => renderFunction(each, each.name))];
}

function renderOwner(name: string): string {
  const fields = name === "json" ? ["---@field null lightuserdata `null` within tables."] : [];
  return [`---@class ${name}lib`, ...fields, `${name} = {}`].join("\n");
}

function lastName({ name }: FunctionDescriptor<never>): string {
  return name.slice(name.indexOf(":") + 1);
}
