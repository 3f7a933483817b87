import type { Evaluation, Export } from "../api/evaluation.ts";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatFamiliarReference, parseReference } from "../image/reference.ts";
import { imageReference } from "../llb/source-image.ts";
import type { State } from "../llb/state.ts";
import { formatPlatform } from "../oci/platform.ts";
import type { EvaluateOptions } from "./evaluate.ts";
import { SourceList, type SourceLocation } from "./source-list.ts";
import { surveyScript } from "./survey.ts";

/** The targets of a script, with the members that `frontend.targets` has; what is empty is left out. */
export interface TargetList {
  readonly targets: readonly ListedTarget[];
  /** The script and the modules that locations are in, as base64. */
  readonly sources: readonly string[];
}

export interface ListedTarget {
  /** Absent for the script's export. */
  readonly name?: string | undefined;
  readonly default?: true | undefined;
  readonly description?: string | undefined;
  /** The image that the export starts from. Other targets are not made, so nobody knows theirs. */
  readonly base?: string | undefined;
  /** The platforms that the export names. */
  readonly platform?: string | undefined;
  readonly location?: SourceLocation | undefined;
}

export interface ListedTargets {
  readonly list: TargetList;
  /** Why the list may lack something. */
  readonly failure?: LuakitError | undefined;
}

/** Lists what a script can build without making any of its targets. */
export function listTargets(options: EvaluateOptions): ListedTargets {
  const { evaluation, failure } = surveyScript(options, () => []);
  const sources = new SourceList(options.script);
  const { exported } = evaluation;
  const targets = [
    ...(exported === undefined ? [] : [describeExport(exported, sources)]),
    ...describeTargets(evaluation, sources),
  ];
  return { list: { targets, sources: sources.encoded }, failure };
}

function describeExport({ results, location }: Export, sources: SourceList): ListedTarget {
  const bases = new Set(results.map(({ state }) => baseOf(state)));
  const platforms = results.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  return {
    default: true,
    base: bases.size === 1 ? [...bases][0] : undefined,
    platform: platforms.join(",") || undefined,
    location: location && sources.locate(location),
  };
}

function baseOf({ base }: State): string | undefined {
  const reference = base?.op.type === "source" ? imageReference(base.op) : undefined;
  return reference === undefined ? undefined : formatFamiliarReference(parseReference(reference));
}

function describeTargets({ targets, exported }: Evaluation, sources: SourceList): readonly ListedTarget[] {
  const isOnly = targets.length === 1 && exported === undefined;
  return targets.map(({ name, description, isDefault, location }) => ({
    name,
    default: isDefault || isOnly || undefined,
    description: description || undefined,
    location: location && sources.locate(location),
  }));
}
