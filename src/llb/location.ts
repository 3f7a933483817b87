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
