import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The build argument, and the variable of the host, that gives the time of what is built. */
export const epochName = "SOURCE_DATE_EPOCH";
/** The first and the last second of the years that image configs can have, 0 to 9999. */
const [first, last] = [-62_167_219_200, 253_402_300_799];

/** Reads seconds since 1970; undefined for what is none. */
export function parseEpoch(text: string): number | undefined {
  const seconds = /^[+-]?\d{1,18}$/.test(text) ? Number(text) : Number.NaN;
  return seconds >= first && seconds <= last ? seconds : undefined;
}

/**
 * The epoch that a user gave, undefined for none. Throws "usage" for what is none: a daemon takes no notice of it, and
 * the build then has the time of day in it.
 */
export function readEpoch(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const epoch = parseEpoch(text);
  if (epoch !== undefined) return epoch;
  throw new LuakitError(
    "usage",
    `${epochName}: "${text}" is not a number of seconds since 1970-01-01, up to the year 9999`,
    { hint: `write ${epochName}="$(git log -1 --pretty=%ct)"` },
  );
}
