import type { SourceFile } from "../llb/location.ts";
import type { LintContext } from "./context.ts";

/** From the least to the most. */
export const severities = ["info", "warning", "error"] as const;
export type Severity = (typeof severities)[number];

/** Where a problem is. `line` and `column` are 1-based; `endColumn` is behind the last character. */
export interface Mark {
  readonly source: SourceFile;
  readonly line: number;
  readonly column?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly caller?: Mark | undefined;
}

/** Something that a rule finds. */
export interface Problem {
  /** One sentence; what it quotes is underlined in the script's line. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** Absent for what is about the command line. */
  readonly at: Mark | undefined;
  /** What no output may show. */
  readonly secret?: string | undefined;
}

/** One lint rule. Its page is docs/lint.md#id. */
export interface Rule {
  /** In kebab case. */
  readonly id: string;
  readonly severity: Severity;
  /** What it looks for, as a sentence without its period. */
  readonly summary: string;
  /** Checked only when it is asked for by name. */
  readonly isOptional?: true;
  check(context: LintContext): Iterable<Problem>;
}

/** The page of a rule. */
export function urlOf(id: string): string {
  return `https://github.com/luakit-build/luakit/blob/main/docs/lint.md#${id}`;
}
