import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { integer, text } from "../../lua/scalar.ts";

const scale = ["", "k", "m", "g", "t", "p"];

/** An amount of bytes: a number, or text such as `"64MB"` (units are powers of 1024, as everywhere in Docker). */
export const size: Kind<number> = refine(
  oneOf(integer({ min: 0 }), text),
  { type: "integer|string", expected: 'number of bytes or size such as "64MB"' },
  (value) => (typeof value === "number" ? value : parseSize(value)),
);

/** Bytes of `64MB`, `1.5g`, `512KiB` or `1024`. */
export function parseSize(value: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(value);
  if (match === null) {
    throw new LuakitError("script.option", `"${value}" is not a size`, { hint: 'write one such as "64MB"' });
  }
  const bytes = Number(match[1]) * 1024 ** scale.indexOf((match[2] ?? "").toLowerCase());
  if (bytes > Number.MAX_SAFE_INTEGER) throw new LuakitError("script.option", `"${value}" is too large`);
  return Math.floor(bytes);
}
