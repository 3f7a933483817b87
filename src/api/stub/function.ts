import type { FunctionDescriptor, Parameter } from "../../lua/function.ts";
import { isOptional, presentType } from "../describe.ts";
import { comment, exampleComment } from "./comment.ts";

/** A function's documentation, and its declaration under `name`: `State:run`. */
export function renderFunction(described: FunctionDescriptor<never>, name: string): string {
  const { doc, params, returns, example } = described;
  return [
    ...comment(doc),
    ...exampleComment(example),
    ...params.map(renderParameter),
    ...(returns === undefined
      ? []
      : [`---@return ${returns.type}${returns.doc === undefined ? "" : ` # ${returns.doc}`}`]),
    ...renderOverloads(described),
    `function ${name}(${params.map(parameterName).join(", ")}) end`,
  ].join("\n");
}

function renderParameter(parameter: Parameter): string {
  const { kind, doc } = parameter;
  const mark = isOptional(kind) ? "?" : "";
  return `---@param ${parameterName(parameter)}${mark} ${presentType(kind)} ${doc ?? "Options."}`;
}

function parameterName({ name, rest }: Parameter): string {
  return rest === true ? "..." : name;
}

/** The other forms of a call: without what may be missing from its middle. */
function renderOverloads({ params, returns, overloads }: FunctionDescriptor<never>): string[] {
  if (!params.some(({ skippable }) => skippable)) return overloads.map((type) => `---@overload ${type}`);
  const left = params.filter(({ skippable }) => !skippable);
  return [`---@overload ${renderSignature({ params: left, returns })}`];
}

/** `fun(name: string, opts?: Options): State`. */
export function renderSignature({ params, returns }: Pick<FunctionDescriptor<never>, "params" | "returns">): string {
  const list = params.map(({ name, kind }) => `${name}${isOptional(kind) ? "?" : ""}: ${presentType(kind)}`).join(", ");
  return `fun(${list})${returns === undefined ? "" : `: ${returns.type}`}`;
}
