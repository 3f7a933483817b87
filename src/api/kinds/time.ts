import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { integer, text } from "../../lua/scalar.ts";

const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const billion = 1_000_000_000n;
/** What 63 bits of nanoseconds hold, in seconds: the year 2262. */
const latest = 9_223_372_036;

/** A moment: RFC 3339 text or seconds since 1970, in nanoseconds since 1970. */
export const time: Kind<bigint> = refine(
  oneOf(integer({ min: 0, max: latest }), text),
  { type: "string|integer", expected: 'time such as "2024-01-31T12:00:00Z" or seconds since 1970' },
  (value) => (typeof value === "number" ? BigInt(value) * billion : parseTime(value)),
);

/** Nanoseconds since 1970 of RFC 3339 text. */
export function parseTime(value: string): bigint {
  const [, clock = "", fraction = "", zone = ""] = rfc3339.exec(value) ?? [];
  const milliseconds = Date.parse(clock + zone);
  // Date.parse turns the 30th of February into March.
  if (!(milliseconds >= 0) || !new Date(Date.parse(`${clock}Z`)).toISOString().startsWith(clock)) {
    throw new LuakitError("script.option", `"${value}" is not a time since 1970`, {
      hint: 'write one such as "2024-01-31T12:00:00Z", or seconds since 1970',
    });
  }
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** The moment as RFC 3339 text in UTC, as image configs have it. */
export function formatTime(nanoseconds: bigint): string {
  const whole = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % billion)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}
