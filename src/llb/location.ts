import type { Position } from "../diagnostic/luakit-error.ts";

/** A script or module whose lines vertices point at. One object per file: identity is what makes it one. */
export interface SourceFile {
  /** As people know it: `build.lua`, `lib/base.lua`. */
  readonly name: string;
  readonly data: string;
}

/** Where a vertex was made (`line` is 1-based); `caller` is the line that called the function which made it. */
export interface Location {
  readonly source: SourceFile;
  readonly line: number;
  readonly caller?: Location | undefined;
}

/** What every constructor is told about its call. */
export interface Context {
  readonly location?: Location | undefined;
}

/** The place as errors show it. */
export function positionOf(location: Location): Position {
  return { file: location.source.name, line: location.line, source: location.source.data };
}

/** The calls that led to a location, innermost first. */
export function callersOf(location: Location): readonly Position[] {
  const callers: Position[] = [];
  for (let at = location.caller; at !== undefined; at = at.caller) callers.push(positionOf(at));
  return callers;
}
