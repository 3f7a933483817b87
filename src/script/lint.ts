import { apiFunctions } from "../api/api.ts";
import { Evaluation, type Target } from "../api/evaluation.ts";
import { standardLibrary } from "../api/prelude.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { checkRules, type Finding, type RuleChoice } from "../lint/check-rules.ts";
import type { LintContext } from "../lint/context.ts";
import { type ApiCall, recordCalls } from "../lint/record-calls.ts";
import { ScriptText } from "../lint/script-text.ts";
import { type KnownTexts, stepOf } from "../lint/step.ts";
import { StepIndex } from "../lint/step-index.ts";
import type { ScriptClock } from "../lua/limit.ts";
import type { ModuleSource } from "../lua/module.ts";
import type { ScriptFile } from "../lua/position.ts";
import { noBaseImages } from "./base-images.ts";
import { defineBuild } from "./define-build.ts";
import { clockOf, type EvaluateOptions, runScript, warningsOf } from "./evaluate.ts";

/** What is wrong with a script, as far as it shows without a daemon. */
export interface Lint {
  /** In the order of their places. A script that cannot be built is asked for no more than what it warned of. */
  readonly findings: readonly Finding[];
  /** What ends a build of it. */
  readonly error?: LuakitError | undefined;
  /** What the script could not see. */
  readonly hints: readonly string[];
}

/** Checks the target that was asked for, else all that a script can build, with the rules of src/lint. */
export function lintScript(given: EvaluateOptions, choice: RuleChoice = {}): Lint {
  const watch = watchScript(given);
  const options = { ...given, buildArguments: watch.buildArguments, modules: watch.modules };
  const evaluation = new Evaluation(options);
  try {
    const { targets, hints } = run(options, evaluation, watch.calls);
    const context = describe(options, evaluation, targets, watch);
    return { findings: inOrder(checkRules(context, choice), given.script), hints };
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    return { findings: inOrder(saidBefore(evaluation, choice), given.script), error, hints: [] };
  }
}

function run(options: EvaluateOptions, evaluation: Evaluation, calls: ApiCall[]) {
  const take = (_: Evaluation, hints: () => readonly string[], clock: ScriptClock) => {
    const targets = options.target === undefined ? evaluation.finishAll() : evaluation.finish();
    return { targets, hints: hints(), startClock: clockOf(clock, options.limits) };
  };
  const { startClock, ...result } = runScript(options, take, evaluation, recordCalls(apiFunctions, calls));
  for (const target of result.targets) {
    defineBuild({ ...target, startClock }, options.targetPlatform, noBaseImages, { sketch: true });
  }
  return result;
}

/** What a script reads and does while it runs. */
interface Watch {
  readonly calls: ApiCall[];
  readonly files: Set<ScriptFile>;
  readonly modules: ModuleSource;
  readonly buildArguments: ReadonlyMap<string, string>;
  readonly asked: Set<string>;
}

function watchScript({ script, modules, buildArguments }: EvaluateOptions): Watch {
  const files = new Set<ScriptFile>([script]);
  const asked = new Set<string>();
  return {
    calls: [],
    files,
    asked,
    modules: {
      find: (name) => {
        const answer = modules.find(name);
        if ("found" in answer) files.add(answer.found.file);
        return answer;
      },
    },
    buildArguments: new WatchedMap(buildArguments, asked),
  };
}

class WatchedMap extends Map<string, string> {
  readonly #asked: Set<string>;

  constructor(entries: ReadonlyMap<string, string>, asked: Set<string>) {
    super(entries);
    this.#asked = asked;
  }

  override get(name: string): string | undefined {
    this.#asked?.add(name);
    return super.get(name);
  }
}

function describe(
  options: EvaluateOptions,
  evaluation: Evaluation,
  targets: readonly Target[],
  { calls, files, asked }: Watch,
): LintContext {
  const embedded = new Set(standardLibrary.values());
  const library = new Set([...files].filter(({ data }) => embedded.has(data)).map(({ name }) => name));
  const ownCalls = calls.filter(({ location }) => location !== undefined && !library.has(location.source.name));
  const texts: KnownTexts = new Map();
  const steps = ownCalls.flatMap((call) => stepOf(call, texts) ?? []);
  return {
    evaluation,
    targets,
    isWhole: options.target === undefined,
    calls,
    ownCalls,
    steps,
    stepIndex: new StepIndex(steps),
    texts: [...files].filter(({ name }) => !library.has(name)).map((file) => new ScriptText(file)),
    asked,
    isHostVariable: (name) => options.hostVariable(name) !== undefined,
  };
}

function saidBefore(evaluation: Evaluation, { ignored }: RuleChoice): readonly Finding[] {
  if (ignored?.has("script-warning")) return [];
  return warningsOf(evaluation).map((problem) => ({ rule: "script-warning", severity: "warning", problem }));
}

/** Those of the script before those of its modules, and before all those that are about the command line. */
function inOrder(findings: readonly Finding[], { name }: ScriptFile): readonly Finding[] {
  const fileOf = ({ problem: { position } }: Finding) => (position === undefined ? 0 : position.file === name ? 1 : 2);
  return findings.toSorted((left, right) => {
    const [one, other] = [left.problem.position, right.problem.position];
    const files = fileOf(left) - fileOf(right) || compare(one?.file ?? "", other?.file ?? "");
    return files || (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
  });
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
