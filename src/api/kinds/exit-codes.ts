import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { integer, text } from "../../lua/scalar.ts";
import { list } from "../../lua/table.ts";

/** Exit codes that count as success: `1`, `{0, 1}` or `"0..10"`. */
export const exitCodes: Kind<readonly number[]> = refine(
  oneOf(integer({ min: 0, max: 255 }), text, list(integer({ min: 0, max: 255 }), { min: 1 })),
  { type: "integer|integer[]|string", expected: 'integer, list of integer or range such as "0..10"' },
  (value) => {
    if (typeof value === "number") return [value];
    return typeof value === "string" ? parseExitCodes(value) : value;
  },
);

/** Both ends of `"0..10"` and all between them. */
export function parseExitCodes(value: string): readonly number[] {
  const match = /^(\d{1,3})(?:\.\.(\d{1,3}))?$/.exec(value);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || last > 255) {
    throw new LuakitError("script.option", `"${value}" is not a range of exit codes (0 to 255)`, {
      hint: 'write one such as "0..10"',
    });
  }
  if (first > last) {
    throw new LuakitError("script.option", `the range "${value}" is empty`, { hint: `write "${last}..${first}"` });
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
