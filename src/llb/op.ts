import type { DiffOp } from "./diff.ts";
import type { ExecOp } from "./exec.ts";
import type { FileOp } from "./file.ts";
import type { FrontendOp } from "./frontend.ts";
import type { InputOp } from "./input.ts";
import type { MergeOp } from "./merge.ts";
import type { SourceOp } from "./source.ts";

/** What a vertex does. One file per op has its type, its checks and its encoding. */
export type Op = SourceOp | ExecOp | FileOp | MergeOp | DiffOp | FrontendOp | InputOp;
