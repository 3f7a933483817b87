import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { type Style, styleChoices, styluaStyle } from "./style.ts";

/** Reads a `stylua.toml`. Throws "usage" for what StyLua would not take either. */
export function parseStyleFile(file: string, text: string): Style {
  const { sort_requires: sorting, ...given } = parseToml(file, text);
  const fail = (message: string) => new LuakitError("usage", `${file}: ${message}`);
  const style: Record<string, unknown> = { ...styluaStyle };
  for (const [name, value] of Object.entries(given)) {
    if (name === "no_call_parentheses") {
      if (value === true) style.call_parentheses = "None";
      continue;
    }
    if (!Object.hasOwn(styluaStyle, name)) {
      throw fail(`unknown option "${name}"${didYouMean(name, Object.keys(styluaStyle))}`);
    }
    style[name] = checkOption(name, value, fail);
  }
  if (sorting !== undefined) style.sort_requires = readSorting(sorting, fail);
  return { ...styluaStyle, ...style };
}

type Fail = (message: string) => LuakitError;

/** The value of one option, whatever file or flag it comes from. */
export function checkOption(name: string, value: unknown, fail: Fail): unknown {
  const choices: readonly string[] | undefined = Object.entries(styleChoices).find(([each]) => each === name)?.[1];
  if (choices === undefined) {
    if (Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31) return value;
    throw fail(`${name}: expected a number, got ${JSON.stringify(value)}`);
  }
  if (typeof value === "string" && choices.includes(value)) return value;
  const near = typeof value === "string" ? didYouMean(value, choices) : "";
  throw fail(`${name}: ${JSON.stringify(value)} is not one of ${choices.join(", ")}${near}`);
}

function readSorting(sorting: unknown, fail: Fail): boolean {
  if (typeof sorting === "object" && sorting !== null) {
    const { enabled, ...rest } = Object.assign({ enabled: false }, sorting);
    if (typeof enabled === "boolean" && Object.keys(rest).length === 0) return enabled;
  }
  throw fail("sort_requires: expected a table with enabled = true or false");
}

function parseToml(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...Bun.TOML.parse(text) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LuakitError("usage", `${file} is not TOML: ${reason}`, { cause });
  }
}
