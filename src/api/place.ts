import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import type { Location } from "../llb/location.ts";
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

function positionOf({ source, line }: Location): Position {
  return { file: source.name, line, source: source.data };
}

function callersOf(location: Location): readonly Position[] {
  const callers: Position[] = [];
  for (let next = location.caller; next !== undefined; next = next.caller) callers.push(positionOf(next));
  return callers;
}
