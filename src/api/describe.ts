import type { FunctionDescriptor } from "../lua/function.ts";
import { type Field, type Kind, luaType, tags } from "../lua/kind.ts";

export type Fields = Readonly<Record<string, Field>>;

/** True of what may be left out: `opts?`. */
export function isOptional({ type, accepts }: Kind<unknown>): boolean {
  return type.endsWith("?") && (accepts & tags(luaType.nil)) !== 0;
}

/** The type of a value that is there: `RunOptions` of `RunOptions?`. */
export function presentType(kind: Kind<unknown>): string {
  return isOptional(kind) ? kind.type.replace(/^\((.*)\)\?$|\?$/, "$1") : kind.type;
}

/** Every table that functions take, by the name of its type, in the order in which they are met. */
export function namedTables(functions: readonly FunctionDescriptor<never>[]): ReadonlyMap<string, Fields> {
  const tables = new Map<string, Fields>();
  const visit = (kind: Kind<unknown>): void => {
    if (kind.fields !== undefined && !tables.has(kind.type)) {
      tables.set(kind.type, kind.fields);
      for (const field of Object.values(kind.fields)) visit(field.kind);
    }
    for (const part of kind.parts ?? []) visit(part);
  };
  for (const { params } of functions) for (const { kind } of params) visit(kind);
  return tables;
}
