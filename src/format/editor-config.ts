import { Glob } from "bun";
import type { Style } from "./style.ts";

/** One `.editorconfig`. */
export interface EditorConfig {
  /** No file above this one counts. */
  readonly root: boolean;
  readonly sections: readonly Section[];
}

interface Section {
  readonly pattern: string;
  /** Names and values in lower case. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Reads an `.editorconfig`, of which every line that says nothing is left out (https://spec.editorconfig.org). */
export function parseEditorConfig(text: string): EditorConfig {
  const preamble = new Map<string, string>();
  const sections: { pattern: string; properties: Map<string, string> }[] = [];
  for (const line of text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const head = /^\[(.*)\]$/.exec(trimmed)?.[1];
    if (head !== undefined) {
      sections.push({ pattern: head, properties: new Map() });
      continue;
    }
    const [, name, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed) ?? [];
    const properties = sections.at(-1)?.properties ?? preamble;
    if (name !== undefined && value !== undefined) properties.set(name.toLowerCase(), value.toLowerCase());
  }
  return { root: preamble.get("root") === "true", sections };
}

/** What a file with `path`, relative to the `.editorconfig` and with slashes, is given; later sections win. */
export function propertiesOf({ sections }: EditorConfig, path: string): ReadonlyMap<string, string> {
  const matching = sections.filter(({ pattern }) => matches(pattern, path));
  return new Map(matching.flatMap(({ properties }) => [...properties]));
}

/** A pattern without a slash is about names, in every directory. */
function matches(pattern: string, path: string): boolean {
  const anywhere = !pattern.includes("/");
  const plain = spellOutRanges(pattern.replace(/^\//, ""))
    .replace(/\{([^{},]*)\}/g, "\\{$1\\}")
    .replaceAll("**", "{,**/}*");
  return new Glob(anywhere ? `**/${plain}` : plain).match(path);
}

/** The most numbers of a range `{1..9}` that are looked at. */
const longestRange = 1000;

function spellOutRanges(pattern: string): string {
  return pattern.replace(/\{(-?\d+)\.\.(-?\d+)\}/g, (_, from: string, to: string) => {
    const [low, high] = [Number(from), Number(to)].sort((left, right) => left - right);
    const length = Math.min((high ?? 0) - (low ?? 0) + 1, longestRange);
    return `{${Array.from({ length }, (_, index) => (low ?? 0) + index).join(",")}}`;
  });
}

/** `style` with what an `.editorconfig` says, as StyLua reads it. */
export function applyEditorConfig(style: Style, properties: ReadonlyMap<string, string>): Style {
  const get = (name: string) => properties.get(name);
  const named = (name: string, values: Readonly<Record<string, string>>) => values[get(name) ?? ""];
  const size = get("indent_size") === "tab" ? get("tab_width") : (get("indent_size") ?? get("tab_width"));
  const width = get("max_line_length");
  return {
    ...style,
    line_endings: named("end_of_line", { lf: "Unix", crlf: "Windows" }) ?? style.line_endings,
    indent_type: named("indent_style", { tab: "Tabs", space: "Spaces" }) ?? style.indent_type,
    indent_width: number(size) ?? style.indent_width,
    column_width: width === "off" ? unlimited : (number(width) ?? style.column_width),
    quote_style: named("quote_type", quoteTypes) ?? style.quote_style,
    call_parentheses: named("call_parentheses", parentheses) ?? style.call_parentheses,
    space_after_function_names: named("space_after_function_names", spaces) ?? style.space_after_function_names,
    collapse_simple_statement: named("collapse_simple_statement", collapses) ?? style.collapse_simple_statement,
    sort_requires: get("sort_requires") === undefined ? style.sort_requires : get("sort_requires") === "true",
  };
}

const unlimited = 2 ** 31 - 1;
const quoteTypes = { double: "AutoPreferDouble", single: "AutoPreferSingle", auto: "AutoPreferDouble" };
const parentheses = {
  always: "Always",
  nosinglestring: "NoSingleString",
  nosingletable: "NoSingleTable",
  none: "None",
  input: "Input",
};
const spaces = { always: "Always", definitions: "Definitions", calls: "Calls", never: "Never" };
const collapses = {
  never: "Never",
  functiononly: "FunctionOnly",
  conditionalonly: "ConditionalOnly",
  always: "Always",
};

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
