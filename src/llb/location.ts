/** A script or module whose lines vertices point at. */
export interface SourceFile {
  /** As people know it: `build.lua`, `lib/base.lua`. */
  readonly name: string;
  readonly data: string;
}

/** Where a vertex was made; `caller` is the line that called the function which made it. */
export interface Location {
  readonly source: SourceFile;
  readonly line: number;
  readonly caller?: Location | undefined;
}
