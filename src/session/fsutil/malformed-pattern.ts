import { cleanPath } from "./go-path.ts";
import { matchName } from "./match-name.ts";

/** What makes a pattern malformed, as a sentence for people. */
export const patternRule = 'a "[" needs its "]", a "\\" and a "!" something behind them';

/** True when BuildKit refuses an include or exclude pattern, a line of an ignore file, whatever files there are. */
export function isMalformedPattern(pattern: string): boolean {
  // Nothing else can be wrong, and nearly no pattern has these.
  if (!/[[\\!]/.test(pattern)) return false;
  const clean = cleanPath(pattern.trim());
  const positive = clean.startsWith("!") ? clean.slice(1) : clean;
  return clean === "!" || matchName(positive, ".") === "malformed";
}
