import type { Op } from "../gen/ops.ts";
import { execRoles } from "./exec-details.ts";
import { fileRoles } from "./file-details.ts";

/** What an op uses its inputs for: one list per input. */
export function inputRoles({ exec, file, merge, diff, build, inputs }: Op): readonly (readonly string[])[] {
  if (exec !== undefined) return execRoles(exec, inputs.length);
  if (file !== undefined) return fileRoles(file, inputs.length);
  if (merge !== undefined) return inputs.map((_, at) => [`input ${at + 1}`]);
  if (diff !== undefined) return namedRoles({ lower: diff.lower, upper: diff.upper }, inputs.length);
  return build === undefined ? [] : namedRoles(build.inputs, inputs.length);
}

function namedRoles(uses: Readonly<Record<string, { readonly input: number } | undefined>>, count: number): string[][] {
  const named = Object.entries(uses);
  return Array.from({ length: count }, (_, at) => named.flatMap(([name, use]) => (use?.input === at ? [name] : [])));
}
