import type { Position } from "../diagnostic/luakit-error.ts";

/** A script, a module or a frontend's file whose lines vertices point at. One object per file: identity is what makes it one. */
export interface SourceFile {
  /** As people know it: `build.lua`, `lib/base.lua`, `Dockerfile`. */
  readonly name: string;
  readonly data: string;
  /** Default: Lua. */
  readonly language?: string | undefined;
  /** A pb.Definition of where the file is, when a frontend said so. */
  readonly definition?: Uint8Array | undefined;
}

/** A part of a file. Lines are 1-based, characters 0-based; the end's line is part of it. */
export interface SourceRange {
  readonly start: SourcePoint;
  readonly end: SourcePoint;
}

export interface SourcePoint {
  readonly line: number;
  readonly character: number;
}

/** Where a vertex was made (`line` is 1-based); `caller` is the line that called the function which made it. */
export interface Location {
  readonly source: SourceFile;
  readonly line: number;
  /** All of it, when it is not just that line. */
  readonly ranges?: readonly SourceRange[] | undefined;
  readonly caller?: Location | undefined;
}

/** What every constructor is told about its call. */
export interface Context {
  readonly location?: Location | undefined;
  /** What is made runs anew in every build. */
  readonly noCache?: boolean | undefined;
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
