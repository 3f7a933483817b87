import { Evaluation } from "../api/evaluation.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { noBaseImages } from "./base-images.ts";
import { defineBuild } from "./define-build.ts";
import { type EvaluateOptions, runScript, warningsOf } from "./evaluate.ts";

/** What is wrong with a script, as far as it shows without a daemon. */
export interface Lint {
  /** In the order of their places. */
  readonly warnings: readonly LuakitError[];
  /** What ends a build of it. */
  readonly error?: LuakitError | undefined;
}

/** Checks the target that was asked for, else all that a script can build. What it warned of before an error counts. */
export function lintScript(options: EvaluateOptions): Lint {
  const evaluation = new Evaluation(options);
  const error = findError(options, evaluation);
  const warnings = warningsOf(evaluation).sort((left, right) => comparePlaces(left, right, options.script.name));
  return { warnings, error };
}

function findError(options: EvaluateOptions, evaluation: Evaluation): LuakitError | undefined {
  try {
    const take = () => (options.target === undefined ? evaluation.finishAll() : evaluation.finish());
    for (const target of runScript(options, take, evaluation)) {
      encodeDefinition(defineBuild(target, options.targetPlatform, noBaseImages, { sketch: true }));
    }
    return undefined;
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
}

/** Those of the script before those of its modules. */
function comparePlaces({ position: left }: LuakitError, { position: right }: LuakitError, script: string): number {
  const [leftFile, rightFile] = [left?.file ?? "", right?.file ?? ""];
  if (leftFile === rightFile) return (left?.line ?? 0) - (right?.line ?? 0);
  if (leftFile === script || rightFile === script) return leftFile === script ? -1 : 1;
  return leftFile < rightFile ? -1 : 1;
}
