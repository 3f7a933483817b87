import { readFileSync } from "node:fs";
import * as stylua from "@johnnymorganz/stylua/web";
import wasmPath from "#stylua.wasm" with { type: "file" };
import type { FormatRange } from "./find-failure.ts";
import { type Style, styleChoices } from "./style.ts";

/**
 * Lays out Lua with line feeds for line endings: all of it, or the statements in a range. What StyLua says of text that it
 * cannot read is thrown as a string; its own failures are errors.
 */
export type Stylua = (text: string, style: Style, range?: FormatRange) => string;

/** StyLua, ready; it takes about 100 ms. */
export async function openStylua(): Promise<Stylua> {
  const module = await WebAssembly.compile(readFileSync(wasmPath));
  stylua.initSync({ module });
  return (text, style, range) => {
    const config = makeConfig(style);
    // The text is read again and compared, so that no formatting changes what a script does; sorting would be a change.
    const { Full, None } = stylua.OutputVerification;
    const part = range && stylua.Range.from_values(range.start, range.end);
    return stylua.formatCode(text, config, part, style.sort_requires ? None : Full);
  };
}

function makeConfig(style: Style): stylua.Config {
  const config = stylua.Config.new();
  config.column_width = style.column_width;
  config.indent_width = style.indent_width;
  config.syntax = numberOf("syntax", style);
  config.indent_type = numberOf("indent_type", style);
  config.quote_style = numberOf("quote_style", style);
  config.call_parentheses = numberOf("call_parentheses", style);
  config.space_after_function_names = numberOf("space_after_function_names", style);
  config.block_newline_gaps = numberOf("block_newline_gaps", style);
  config.collapse_simple_statement = numberOf("collapse_simple_statement", style);
  config.sort_requires = stylua.SortRequiresConfig.new().set_enabled(style.sort_requires);
  return config;
}

function numberOf(option: keyof typeof styleChoices, style: Style): number {
  const choices: readonly string[] = styleChoices[option];
  return choices.indexOf(style[option]);
}
