import { parseBoolean } from "../client/attribute-checks.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { refuseOption } from "./option-value.ts";

/** The name under which clients know what scripts warn of. */
export const warningRule = "ScriptWarning";

const argument = "BUILDKIT_DOCKERFILE_CHECK";

/** Warnings that count, and the error that they are when the client wants it so. */
export interface Checked {
  readonly warnings: readonly LuakitError[];
  readonly error?: LuakitError | undefined;
}

/** Applies what the client says of warnings: `skip=all` or names of rules, `error=true`, with a semicolon between. */
export function checkWarnings(buildArguments: ReadonlyMap<string, string>, warnings: readonly LuakitError[]): Checked {
  const { isSkipped, isError } = readCheckOption(buildArguments.get(argument) ?? "");
  if (isSkipped || warnings.length === 0) return { warnings: [] };
  if (!isError) return { warnings };
  return { warnings, error: new LuakitError("script.runtime", `lint violation found for rules: ${warningRule}`) };
}

function readCheckOption(text: string): { readonly isSkipped: boolean; readonly isError: boolean } {
  let [isSkipped, isError] = [false, false];
  for (const part of text.split(";").filter((each) => each.trim() !== "")) {
    const [, name = "", value = ""] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name === "skip") isSkipped = value.split(",").some((rule) => ["all", warningRule].includes(rule.trim()));
    else if (name === "error") isError = readBoolean(value);
    else if (name !== "experimental") throw refuseCheck(`expected skip=… or error=…, got "${part.trim()}"`);
  }
  return { isSkipped, isError };
}

function readBoolean(text: string): boolean {
  const value = parseBoolean(text);
  if (value === undefined) throw refuseCheck(`error: expected true or false, got "${text}"`);
  return value;
}

function refuseCheck(problem: string): LuakitError {
  return refuseOption(`build-arg:${argument}`, problem);
}
