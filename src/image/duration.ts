import { LuakitError } from "../diagnostic/luakit-error.ts";

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** The largest number that fits the 64 bits that Go has for a duration: 292 years. */
const longest = 2 ** 63 - 1024;

/** Nanoseconds of a duration in Go's notation: `30s`, `1m30s`, `1.5h`, `500ms`, `0`. */
export function parseDuration(text: string): number {
  if (/^[+-]?0$/.test(text)) return 0;
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text.replaceAll("μ", "µ"));
  if (match === null) {
    throw new LuakitError("image.config", `"${text}" is not a duration`, { hint: 'write "30s", "1m30s" or "500ms"' });
  }
  let total = 0;
  for (const [, whole, fraction = "", unit = ""] of (match[2] ?? "").matchAll(/(\d*)\.?(\d*)(ns|us|µs|ms|s|m|h)/g)) {
    const size = units[unit] ?? 0;
    // Go drops what is less than a nanosecond, of each part, and digits that 63 bits do not hold.
    const digits = fraction.slice(0, 18);
    total += Number(whole) * size + Math.trunc(Number(digits) * (size / 10 ** digits.length));
  }
  const nanoseconds = total * (match[1] === "-" ? -1 : 1);
  if (Math.abs(nanoseconds) <= longest) return nanoseconds;
  throw new LuakitError("image.config", `the duration "${text}" is too long`);
}
