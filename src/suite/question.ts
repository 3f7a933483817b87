import type { SolveTarget } from "../script/solve.ts";
import type { ErrorData } from "./message.ts";

/** What a test wants built. */
export interface SolveRequest {
  readonly target: SolveTarget;
  readonly buildArguments: ReadonlyMap<string, string>;
  /** The root of the local `context`. */
  readonly context: string;
  /** Further directories by name. */
  readonly locals: ReadonlyMap<string, string>;
  /** Values of secrets. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly noCache: boolean;
}

export interface RunRequest {
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly user?: string | undefined;
  readonly env: ReadonlyMap<string, string>;
  readonly stdin?: Uint8Array | undefined;
}

/** What a test asks of the daemon; `solved` is the number that an answer gave. */
export type Question =
  | { readonly kind: "solve"; readonly request: SolveRequest }
  | { readonly kind: "read"; readonly solved: number; readonly path: string }
  | { readonly kind: "stat"; readonly solved: number; readonly path: string }
  | { readonly kind: "list"; readonly solved: number; readonly path: string }
  | { readonly kind: "run"; readonly solved: number; readonly request: RunRequest }
  /** The test is over. */
  | { readonly kind: "release" };

export interface FileStat {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "other";
  /** `0755`. */
  readonly mode: string;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symlink. */
  readonly target?: string | undefined;
}

export interface RunOutcome {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export type Answer =
  | { readonly kind: "solved"; readonly solved: number; readonly config: Uint8Array | undefined }
  | { readonly kind: "read"; readonly data: Uint8Array }
  | { readonly kind: "stat"; readonly stat: FileStat | undefined }
  | { readonly kind: "list"; readonly entries: readonly FileStat[] }
  | { readonly kind: "run"; readonly outcome: RunOutcome }
  | { readonly kind: "released" }
  | { readonly kind: "failed"; readonly error: ErrorData };
