import type { FunctionDescriptor } from "../../lua/function.ts";
import type { HandleType } from "../../lua/handle.ts";
import { namedTables } from "../describe.ts";
import { standardLibrary } from "../prelude.ts";
import { renderHandle, renderTable } from "./class.ts";
import { comment } from "./comment.ts";
import { renderFunction, renderSignature } from "./function.ts";
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
  const members = functions.filter(({ self }) => self === handle);
  const methods = members.filter(({ isField }) => isField !== true);
  const fields = members.filter(({ isField }) => isField);
  return [
    renderHandle(handle, fields),
    ...methods.map((each) => renderFunction(each, `${handle.name}:${lastName(each)}`)),
  ];
}

/** The global tables, each with its functions. */
function renderGlobals(functions: readonly FunctionDescriptor<never>[]): string[] {
  const free = functions.filter(({ self }) => self === undefined);
  const owners = new Set(free.map(({ name }) => name.split(".").slice(0, -1).join(".")).filter((name) => name !== ""));
  const tables = [...owners].map((owner) =>
    renderOwner(
      owner,
      free.find(({ name }) => name === owner),
    ),
  );
  return [...tables, ...free.filter(({ name }) => !owners.has(name)).map((each) => renderFunction(each, each.name))];
}

/** A global table; `called` is what calling it does. */
function renderOwner(name: string, called: FunctionDescriptor<never> | undefined): string {
  const fields = name === "json" ? ["---@field null lightuserdata `null` within tables."] : [];
  const call = called === undefined ? [] : [`---@overload ${renderSignature(called)}`];
  return [
    ...(called === undefined ? [] : comment(called.doc)),
    `---@class ${name}lib`,
    ...fields,
    ...call,
    `${name} = {}`,
  ].join("\n");
}

function lastName({ name }: FunctionDescriptor<never>): string {
  return name.slice(name.indexOf(":") + 1);
}
