import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { epochName, readEpoch } from "./epoch.ts";

/** What one `NAME=VALUE` says; `value` is undefined for a bare `NAME`. */
export interface KeyValue {
  readonly name: string;
  readonly value: string | undefined;
}

/** Reads the `NAME=VALUE` of a flag. Throws "usage" for an empty name. */
export function parseKeyValue(flag: string, text: string): KeyValue {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  if (name === "") throw new LuakitError("usage", `--${flag}: "${text}" is not NAME=VALUE`);
  return { name, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

/** `--label` values: a bare name is an empty label, as in buildx. The last one of a name counts. */
export function parseLabels(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map((text) => {
      const { name, value = "" } = parseKeyValue("label", text);
      return [name, value] as const;
    }),
  );
}

export interface FrontendFlags {
  /** Values of `--opt` and `--frontend-arg`: options of a frontend, by the daemon's names. */
  readonly options: readonly string[];
  /** Values of `--build-arg`; a bare name takes the variable of the host. */
  readonly buildArgs: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

const argument = "build-arg:";

/**
 * Frontend options as the daemon reads them: `--opt` as it is, `--build-arg X=Y` as `build-arg:X`. A bare name takes the
 * host's variable, and is left out when there is none. SOURCE_DATE_EPOCH of the host is passed unless it was given.
 */
export function parseFrontendOptions(flags: FrontendFlags, variables: Variables): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const text of flags.options) {
    const { name, value } = parseKeyValue("opt", text);
    setOption(found, name, value ?? variables[bareName(name)]);
  }
  for (const text of flags.buildArgs) {
    const { name, value } = parseKeyValue("build-arg", text);
    setOption(found, argument + bareName(name), value ?? variables[bareName(name)]);
  }
  const epoch = argument + epochName;
  if (variables[epochName] && !found.has(epoch)) found.set(epoch, variables[epochName]);
  readEpoch(found.get(epoch));
  return found;
}

/** Build arguments among frontend options, by their own names. */
export function buildArgumentsOf(options: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...options].flatMap(([name, value]) => (name.startsWith(argument) ? [[name.slice(argument.length), value]] : [])),
  );
}

/** Throws "usage" for a value that is none of `choices`. */
export function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new LuakitError("usage", `${name}: "${value}" is not known${didYouMean(value, choices)}`, {
    hint: `one of: ${choices.join(", ")}`,
  });
}

function bareName(name: string): string {
  return name.startsWith(argument) ? name.slice(argument.length) : name;
}

function setOption(found: Map<string, string>, name: string, value: string | undefined): void {
  if (name === argument) throw new LuakitError("usage", "there is no name after build-arg:");
  if (value !== undefined) found.set(name, value);
}
