import { LuakitError } from "../diagnostic/luakit-error.ts";
import { callersOf, type Location, positionOf } from "../llb/location.ts";
import { Mismatch } from "../lua/kind.ts";

/** ` on build.lua:7`, or nothing. */
export function placeOf(location: Location | undefined): string {
  return location === undefined ? "" : ` on ${location.source.name}:${location.line}`;
}

/** What is wrong with the results of a callback, as an error at `location`; errors within the callback stay as they are. */
export function failAt(error: unknown, location: Location | undefined, what: string): unknown {
  const isMismatch = error instanceof Mismatch;
  if (!isMismatch && !(error instanceof LuakitError && error.position === undefined)) return error;
  const text = isMismatch ? error.text() : error.message;
  const failure = new LuakitError(error.code, `${what}: ${text}`, { hint: error.hint, cause: error });
  if (location === undefined) return failure;
  return failure.at(positionOf(location), callersOf(location));
}
