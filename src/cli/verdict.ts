import { dirname, join, normalize } from "node:path";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Finding } from "../lint/check-rules.ts";

/** What is known of one script after checking it. */
export interface Verdict {
  /** As the command line names it. */
  readonly script: string;
  readonly error: LuakitError | undefined;
  readonly findings: readonly Finding[];
}

/** The path of a script's file, whose name is that within the script's directory; absent: that of the script. */
export function pathOf({ script }: Verdict, file: string | undefined): string {
  if (script === "-") return file ?? "stdin";
  return file === undefined ? normalize(script) : normalize(join(dirname(script), file));
}

/** What ends a build of the script: one error or none. */
export function errorsOf({ error }: Verdict): readonly LuakitError[] {
  return error === undefined ? [] : [error];
}
