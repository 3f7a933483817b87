import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { Location } from "../llb/location.ts";
import { placeOf } from "./place.ts";

export type ArgumentType = "string" | "number" | "integer" | "boolean";
export type ArgumentValue = string | number | boolean;

export interface ArgumentOptions {
  readonly default?: ArgumentValue | undefined;
  readonly required?: boolean | undefined;
  readonly description?: string | undefined;
  /** The only values that it may have. */
  readonly values?: readonly ArgumentValue[] | undefined;
  /** Default: the type of the default or of the values, else string. */
  readonly type?: ArgumentType | undefined;
}

/** A build argument that a script asked for. */
export interface DeclaredArgument extends ArgumentOptions {
  readonly name: string;
  readonly type: ArgumentType;
  /** What the script got; undefined when nothing was given and there is no default. */
  readonly value: ArgumentValue | undefined;
  readonly location?: Location | undefined;
}

/** What a required argument is when nobody gave it: an error, or some value of its type so that the script goes on. */
export type MissingArguments = "refuse" | "stand-in";

/** The build arguments that a script asked for, with their values. */
export class DeclaredArguments {
  readonly #given: ReadonlyMap<string, string>;
  readonly #missing: MissingArguments;
  readonly #declared = new Map<string, DeclaredArgument>();

  constructor(given: ReadonlyMap<string, string>, missing: MissingArguments = "refuse") {
    this.#given = given;
    this.#missing = missing;
  }

  get list(): readonly DeclaredArgument[] {
    return [...this.#declared.values()];
  }

  declare(name: string, options: ArgumentOptions, location: Location | undefined): ArgumentValue | undefined {
    const before = this.#declared.get(name);
    const declared = { ...options, name, type: options.type ?? inferType(options), location };
    if (before !== undefined) {
      if (settingsOf(before) === settingsOf(declared)) return before.value ?? this.#withoutValue(declared);
      throw new LuakitError("script.argument", `"${name}" is declared in another way${placeOf(before.location)}`);
    }
    checkOptions(declared);
    const text = this.#given.get(name);
    const value = text === undefined ? options.default : parseValue(declared, text);
    this.#declared.set(name, { ...declared, value });
    return value ?? this.#withoutValue(declared);
  }

  #withoutValue(declared: Declaration): ArgumentValue | undefined {
    if (declared.required !== true) return undefined;
    if (this.#missing === "stand-in") return standIn(declared);
    const { name, values } = declared;
    throw new LuakitError("script.argument", `the build argument "${name}" is required`, {
      hint: `--build-arg ${name}=${values?.[0] ?? "VALUE"}`,
    });
  }
}

type Declaration = ArgumentOptions & { readonly name: string; readonly type: ArgumentType };

/** As text, the name in lower case: good in the reference of an image, in a path and in a command. */
function standIn({ name, type, values }: Declaration): ArgumentValue {
  const [first] = values ?? [];
  if (first !== undefined) return first;
  if (type === "boolean") return false;
  return type === "string" ? name.toLowerCase() : 1;
}

function settingsOf(argument: Declaration): string {
  return JSON.stringify([argument.type, argument.default, argument.required ?? false, argument.values]);
}

function inferType({ default: fallback, values }: ArgumentOptions): ArgumentType {
  const sample = fallback ?? values?.[0];
  if (typeof sample === "boolean") return "boolean";
  return typeof sample === "number" ? "number" : "string";
}

function checkOptions(argument: Declaration): void {
  const { type, default: fallback, values } = argument;
  for (const value of values ?? []) checkType("values", type, value);
  if (fallback === undefined) return;
  checkType("default", type, fallback);
  if (argument.required === true) {
    throw new LuakitError("script.option", 'an argument with a default is never missing: leave out "required"');
  }
  checkAmong('option "default"', fallback, values);
}

function checkType(option: string, type: ArgumentType, value: ArgumentValue): void {
  const fits = type === "integer" ? Number.isInteger(value) : typeof value === type;
  if (fits) return;
  throw new LuakitError("script.option", `option "${option}": expected ${type}, got ${JSON.stringify(value)}`);
}

function checkAmong(what: string, value: ArgumentValue, values: readonly ArgumentValue[] | undefined): void {
  if (values === undefined || values.includes(value)) return;
  const words = values.map(String);
  throw new LuakitError(
    "script.argument",
    `${what}: expected one of ${words.map((word) => `"${word}"`).join(", ")}, got "${value}"${didYouMean(String(value), words)}`,
  );
}

function parseValue(argument: Declaration, text: string): ArgumentValue {
  const value = parseType(argument.type, text);
  if (value === undefined) {
    throw new LuakitError("script.argument", `the build argument "${argument.name}" is no ${argument.type}: "${text}"`);
  }
  checkAmong(`the build argument "${argument.name}"`, value, argument.values);
  return value;
}

function parseType(type: ArgumentType, text: string): ArgumentValue | undefined {
  if (type === "string") return text;
  if (type === "boolean") {
    if (/^(?:1|t|true|yes|on)$/i.test(text)) return true;
    return /^(?:0|f|false|no|off)$/i.test(text) ? false : undefined;
  }
  const value = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return undefined;
  return type === "number" || Number.isSafeInteger(value) ? value : undefined;
}
