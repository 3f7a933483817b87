import type { Evaluation, Target } from "../api/evaluation.ts";
import type { ApiCall } from "./record-calls.ts";
import type { ScriptText } from "./script-text.ts";
import type { Step } from "./step.ts";
import type { StepIndex } from "./step-index.ts";

/** What is known of a script after it ran, for rules to look at. Nothing of the standard library is in it. */
export interface LintContext {
  readonly evaluation: Evaluation;
  /** What was made: every target, or the one that was asked for. */
  readonly targets: readonly Target[];
  readonly isWhole: boolean;
  /** All calls, those that the standard library makes too. */
  readonly calls: readonly ApiCall[];
  /** The calls that the script and its modules make themselves. */
  readonly ownCalls: readonly ApiCall[];
  /** The steps of `ownCalls`. */
  readonly steps: readonly Step[];
  /** The same by the programs that they run. */
  readonly stepIndex: StepIndex;
  /** The script, then its modules. */
  readonly texts: readonly ScriptText[];
  /** Names of build arguments that the script read. */
  readonly asked: ReadonlySet<string>;
  /** Whether the command line lets the script see a variable of the host. */
  readonly isHostVariable: (name: string) => boolean;
}
