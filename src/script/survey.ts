import { Evaluation, type Target } from "../api/evaluation.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type EvaluateOptions, runScript } from "./evaluate.ts";

/** What is known of a script that was run to learn what it takes and gives, not to build it. */
export interface Survey {
  readonly evaluation: Evaluation;
  /** What `finish` made. */
  readonly targets: readonly Target[];
  /** Why there may be more to know: the script was not given all that it needs, and did not come to its end without. */
  readonly failure?: LuakitError | undefined;
}

/** Runs a script as {@link evaluate} does, but with something in the place of required arguments that nobody gave. */
export function surveyScript(options: EvaluateOptions, finish: (evaluation: Evaluation) => readonly Target[]): Survey {
  const evaluation = new Evaluation({ ...options, missingArguments: "stand-in" });
  try {
    return { evaluation, targets: runScript(options, finish, evaluation) };
  } catch (failure) {
    if (!(failure instanceof LuakitError) || !mayComeOfStandIn(failure, evaluation)) throw failure;
    return { evaluation, targets: [], failure };
  }
}

function mayComeOfStandIn({ code }: LuakitError, { arguments: known }: Evaluation): boolean {
  const isMissing = known.some(({ required, value }) => required === true && value === undefined);
  return isMissing && code !== "script.limit" && code !== "script.export";
}
