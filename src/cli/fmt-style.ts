import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Style, styleChoices } from "../format/style.ts";
import { checkOption } from "../format/style-file.ts";
import { type Flag, flagValue, type Input } from "./command.ts";

/** What a style flag says, by the option's name. */
const docs = {
  indent_type: "indent with",
  indent_width: "columns of one indentation",
  column_width: "columns after which lines are broken, where they can be",
  line_endings: "end lines with LF (Unix) or CRLF (Windows), or as the file does",
  quote_style: "quotes of strings",
  call_parentheses: "parentheses of calls with a single string or table",
  collapse_simple_statement: "what may stand on one line",
  space_after_function_names: "a space between a function's name and its parentheses",
  block_newline_gaps: "empty lines at the beginning and end of blocks",
  syntax: "which Lua it is",
} as const satisfies Partial<Record<keyof Style, string>>;

const options = Object.entries(docs);

/** The flags of StyLua's options, named as StyLua names them. */
export const styleFlags: Readonly<Record<string, Flag>> = {
  ...Object.fromEntries(
    options.map(([option, doc]) => [flagOf(option), { type: "string", doc, ...valueFlag(option) }]),
  ),
  "sort-requires": { type: "boolean", doc: "sort neighbouring requires by name" },
};

/** A style with what the command line says instead. Throws "usage". */
export function withStyleFlags(style: Style, input: Input): Style {
  const given: Record<string, unknown> = {};
  for (const [option] of options) {
    const value = flagValue(input, flagOf(option));
    if (value === undefined) continue;
    const fail = (message: string) => new LuakitError("usage", `--${message.replace(option, flagOf(option))}`);
    given[option] = checkOption(option, /^\d+$/.test(value) ? Number(value) : value, fail);
  }
  const sorting = flagValue(input, "sort-requires") === undefined ? {} : { sort_requires: true };
  return { ...style, ...given, ...sorting };
}

function flagOf(option: string): string {
  return option.replaceAll("_", "-");
}

function valueFlag(option: string): Pick<Flag, "value" | "choices"> {
  const choices: readonly string[] | undefined = Object.entries(styleChoices).find(([name]) => name === option)?.[1];
  return choices === undefined ? { value: "NUMBER" } : { value: "KIND", choices };
}
