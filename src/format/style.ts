/** How Lua is laid out: the options of StyLua, by the names and with the values of `stylua.toml`. */
export interface Style {
  readonly syntax: string;
  readonly column_width: number;
  /** `Keep` leaves a file with the line endings that most of its lines have; StyLua itself does not know it. */
  readonly line_endings: string;
  readonly indent_type: string;
  readonly indent_width: number;
  readonly quote_style: string;
  readonly call_parentheses: string;
  readonly space_after_function_names: string;
  readonly block_newline_gaps: string;
  readonly collapse_simple_statement: string;
  readonly sort_requires: boolean;
}

/** The values that an option with names has, in the order in which StyLua numbers them. */
export const styleChoices = {
  syntax: ["All", "Lua51", "Lua52", "Lua53", "Lua54", "Luau", "LuaJIT", "CfxLua"],
  line_endings: ["Unix", "Windows", "Keep"],
  indent_type: ["Tabs", "Spaces"],
  quote_style: ["AutoPreferDouble", "AutoPreferSingle", "ForceDouble", "ForceSingle"],
  call_parentheses: ["Always", "NoSingleString", "NoSingleTable", "None", "Input"],
  space_after_function_names: ["Never", "Definitions", "Calls", "Always"],
  block_newline_gaps: ["Never", "Preserve"],
  collapse_simple_statement: ["Never", "FunctionOnly", "ConditionalOnly", "Always"],
} as const satisfies Partial<Record<keyof Style, readonly string[]>>;

/** What `stylua.toml` leaves open is StyLua's own default, so that both tools agree; but scripts are Lua 5.4. */
export const styluaStyle: Style = {
  syntax: "Lua54",
  column_width: 120,
  line_endings: "Unix",
  indent_type: "Tabs",
  indent_width: 4,
  quote_style: "AutoPreferDouble",
  call_parentheses: "Always",
  space_after_function_names: "Never",
  block_newline_gaps: "Never",
  collapse_simple_statement: "Never",
  sort_requires: false,
};

/** How scripts look where nothing says otherwise. */
export const defaultStyle: Style = { ...styluaStyle, line_endings: "Keep", indent_type: "Spaces", indent_width: 2 };
