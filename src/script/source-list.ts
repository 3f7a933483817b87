import type { Position } from "../diagnostic/luakit-error.ts";
import type { ScriptFile } from "../lua/position.ts";

/** A place in one of a list of sources, as the answers to subrequests write it: what is zero is left out. */
export interface SourceLocation {
  readonly sourceIndex?: number;
  /** Of whole lines. */
  readonly ranges: readonly { readonly start: SourceLine; readonly end: SourceLine }[];
}

interface SourceLine {
  readonly line: number;
}

/** The script, and the modules that locations are in. */
export class SourceList {
  readonly #files: ScriptFile[];

  constructor(script: ScriptFile) {
    this.#files = [script];
  }

  get files(): readonly ScriptFile[] {
    return this.#files;
  }

  /** The files' texts as base64. */
  get encoded(): readonly string[] {
    return this.#files.map(({ data }) => new TextEncoder().encode(data).toBase64());
  }

  /** Adds the file of a place when it is not there yet. */
  locate({ source, line }: { readonly source: ScriptFile; readonly line: number }): SourceLocation {
    const { name, data } = source;
    const known = this.#files.findIndex((file) => file.name === name && file.data === data);
    if (known < 0) this.#files.push(source);
    const index = known < 0 ? this.#files.length - 1 : known;
    const ranges = [{ start: { line }, end: { line } }];
    return index === 0 ? { ranges } : { sourceIndex: index, ranges };
  }

  /** As {@link locate}; a file whose text nobody knows is not added, and gives nothing. */
  locatePosition({ file, line, source }: Position): SourceLocation | undefined {
    return source === undefined ? undefined : this.locate({ source: { name: file, data: source }, line });
  }
}

/** Sorts by source, then by line. */
export function compareLocations(left: SourceLocation | undefined, right: SourceLocation | undefined): number {
  const [leftIndex, rightIndex] = [left?.sourceIndex ?? 0, right?.sourceIndex ?? 0];
  if (leftIndex !== rightIndex) return leftIndex - rightIndex;
  return lineOf(left) - lineOf(right);
}

function lineOf(location: SourceLocation | undefined): number {
  return location?.ranges[0]?.start.line ?? 0;
}
