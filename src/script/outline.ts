import type { DeclaredArgument } from "../api/declared-arguments.ts";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Location } from "../llb/location.ts";
import type { EvaluateOptions } from "./evaluate.ts";
import { type Requirement, requirementsOf } from "./requirements.ts";
import { compareLocations, SourceList, type SourceLocation } from "./source-list.ts";
import { surveyScript } from "./survey.ts";

/** What a target takes, with the members that `frontend.outline` has; what is empty is left out. */
export interface Outline {
  /** Absent for the script's export. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly args?: readonly OutlineArgument[] | undefined;
  readonly secrets?: readonly OutlineNeed[] | undefined;
  readonly ssh?: readonly OutlineNeed[] | undefined;
  readonly cache?: readonly OutlineCache[] | undefined;
  /** The script and the modules that locations are in, as base64. */
  readonly sources: readonly string[];
}

/** A build argument. Clients of the daemon know the first four members. */
export interface OutlineArgument {
  readonly name: string;
  readonly description?: string | undefined;
  /** What was given, else the default. */
  readonly value?: string | undefined;
  readonly location?: SourceLocation | undefined;
  readonly required?: true | undefined;
  readonly values?: readonly string[] | undefined;
}

/** A secret or an ssh agent. */
export interface OutlineNeed {
  readonly name: string;
  readonly required?: true | undefined;
  readonly location?: SourceLocation | undefined;
}

export interface OutlineCache {
  readonly ID: string;
  readonly location?: SourceLocation | undefined;
}

export interface OutlinedScript {
  readonly outline: Outline;
  /** Why the outline may lack something. */
  readonly failure?: LuakitError | undefined;
}

/** Tells what the chosen target of a script takes, without asking a daemon or a registry for anything. */
export function outlineScript(options: EvaluateOptions): OutlinedScript {
  const survey = surveyScript(options, (evaluation) => evaluation.finish());
  const { evaluation, failure } = survey;
  const sources = new SourceList(options.script);
  const place = (location: Location | undefined) => location && sources.locate(location);
  const args = evaluation.arguments.map((argument) => describe(argument, place(argument.location)));
  const needs = requirementsOf(survey.targets.map(({ state }) => state));
  const named = (kind: Requirement["kind"]) =>
    needs.filter((need) => need.kind === kind).map((need) => ({ ...need, location: place(need.location) }));
  const target = evaluation.targets.find(({ name }) => name === nameOf(survey.targets[0]?.name, options));
  const outline = {
    name: target?.name,
    description: target?.description || undefined,
    args: inOrder(args),
    secrets: inOrder(named("secret").map(toNeed)),
    ssh: inOrder(named("ssh").map(toNeed)),
    cache: inOrder(named("cache").map(({ id, location }) => ({ ID: id, location }))),
  };
  return { outline: { ...outline, sources: sources.encoded }, failure };
}

/** A target that could not be made is known by the name that it was asked for. */
function nameOf(made: string | undefined, { target }: EvaluateOptions): string | undefined {
  return made ?? target;
}

function describe(argument: DeclaredArgument, location: SourceLocation | undefined): OutlineArgument {
  const { name, description, value, required, values } = argument;
  return {
    name,
    description: description || undefined,
    value: value === undefined || value === "" ? undefined : String(value),
    location,
    required: required || undefined,
    values: values?.map(String),
  };
}

function toNeed({
  id,
  required,
  location,
}: Omit<Requirement, "location"> & Pick<OutlineNeed, "location">): OutlineNeed {
  return { name: id, required: required || undefined, location };
}

function inOrder<T extends { readonly location?: SourceLocation | undefined }>(list: T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list.sort((left, right) => compareLocations(left.location, right.location));
}
