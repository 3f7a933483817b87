/** What a vertex does. `Unknown` is an op that this luakit does not know yet. */
export type VertexKind = "Source" | "Exec" | "File" | "Merge" | "Diff" | "Build" | "Passthrough" | "Unknown";

/** A line of a script, 1-based. */
export interface ScriptLine {
  readonly file: string;
  readonly line: number;
}

/** One mount, action or attribute: its parts in the order in which they read best. Defaults are left out. */
export type Fields = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Something that an op says: one value, a list of texts, a list of entries, or names with values. */
export type Detail =
  | { readonly key: string; readonly value: string | number | boolean }
  | { readonly key: string; readonly values: readonly string[] }
  | { readonly key: string; readonly entries: readonly Fields[] }
  | { readonly key: string; readonly fields: Fields };

/** The use that a vertex makes of another's output. */
export interface GraphInput {
  /** `GraphVertex.number` of the vertex that is used. */
  readonly number: number;
  readonly output: number;
  /** The mount of an exec that the output is, when that is not its root. */
  readonly outputPath?: string | undefined;
  /** `base`, `mount /src`, `copy from`, `lower`, …; what the input is used for. */
  readonly roles: readonly string[];
  /** A filter removed the vertices between. */
  readonly indirect: boolean;
}

/** What is kept beside an op and is no part of its digest. */
export interface VertexMetadata {
  /** Without the name. */
  readonly description: ReadonlyMap<string, string>;
  readonly progressGroup?: string | undefined;
  readonly ignoreCache: boolean;
  readonly exportCache?: boolean | undefined;
  readonly caps: readonly string[];
}

export interface GraphVertex {
  /** From 1 on, in the graph's order; a filter keeps it. */
  readonly number: number;
  readonly digest: string;
  readonly kind: VertexKind;
  /** What the progress of a build shows. */
  readonly name: string;
  readonly platform?: string | undefined;
  readonly details: readonly Detail[];
  readonly inputs: readonly GraphInput[];
  /** Where it was made, then the calls that led there, then other lines that made the same. */
  readonly locations: readonly ScriptLine[];
  readonly metadata: VertexMetadata;
}

/** What is built. It has no input when it is scratch. */
export interface GraphResult {
  /** The platform or target, where there are several. */
  readonly name?: string | undefined;
  readonly inputs: readonly GraphInput[];
}

/** A Definition as data: vertices after all that they use, and what is built of them. Texts carry no passwords. */
export interface Graph {
  readonly vertices: readonly GraphVertex[];
  readonly results: readonly GraphResult[];
  /** The scripts that locations name, where the Definition has them. */
  readonly sources?: ReadonlyMap<string, string>;
}
