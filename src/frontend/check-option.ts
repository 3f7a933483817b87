import { parseBoolean } from "../client/attribute-checks.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { refuseOption } from "./option-value.ts";

const argument = "BUILDKIT_DOCKERFILE_CHECK";

/** What the client says of warnings: `skip=all` or names of rules, `error=true`, with a semicolon between. */
export interface CheckOption {
  readonly isSkipped: (rule: string) => boolean;
  /** Warnings are an error. */
  readonly isError: boolean;
}

/** Warnings that count, and the error that they are when the client wants it so. */
export interface Checked {
  readonly warnings: readonly LuakitError[];
  readonly error?: LuakitError | undefined;
}

/** Applies what the client says to what a script warns of with bk.warn. */
export function checkWarnings(buildArguments: ReadonlyMap<string, string>, warnings: readonly LuakitError[]): Checked {
  const { isSkipped, isError } = readCheckOption(buildArguments);
  if (isSkipped("script-warning") || warnings.length === 0) return { warnings: [] };
  return isError ? { warnings, error: lintViolation(["script-warning"]) } : { warnings };
}

/** The error that warnings of these rules are. */
export function lintViolation(rules: readonly string[]): LuakitError {
  return new LuakitError("script.runtime", `lint violation found for rules: ${rules.join(", ")}`);
}

export function readCheckOption(buildArguments: ReadonlyMap<string, string>): CheckOption {
  const text = buildArguments.get(argument) ?? "";
  const skipped = new Set<string>();
  let isError = false;
  for (const part of text.split(";").filter((each) => each.trim() !== "")) {
    const [, name = "", value = ""] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name === "skip") for (const rule of value.split(",")) skipped.add(plain(rule));
    else if (name === "error") isError = readBoolean(value);
    else if (name !== "experimental") throw refuseCheck(`expected skip=… or error=…, got "${part.trim()}"`);
  }
  return { isSkipped: (rule) => skipped.has("all") || skipped.has(plain(rule)), isError };
}

/** `UnusedState`, as a Dockerfile's rules are written, is `unused-state`. */
function plain(rule: string): string {
  return rule.replaceAll("-", "").trim().toLowerCase();
}

function readBoolean(text: string): boolean {
  const value = parseBoolean(text);
  if (value === undefined) throw refuseCheck(`error: expected true or false, got "${text}"`);
  return value;
}

function refuseCheck(problem: string): LuakitError {
  return refuseOption(`build-arg:${argument}`, problem);
}
