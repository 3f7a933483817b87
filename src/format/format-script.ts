import { layOut, type SyntaxCheck } from "./lay-out.ts";
import type { Stylua } from "./open-stylua.ts";
import type { Style } from "./style.ts";

/**
 * A script, laid out. Lines at its beginning that are not Lua (a shebang, `#syntax=`) stay as they are, and so does a byte
 * order mark. Throws "script.syntax" at the place; with a check only for what that refuses, and "script.format" for the rest.
 */
export function formatScript(name: string, text: string, style: Style, stylua: Stylua, check?: SyntaxCheck): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const ending = lineEnding(text, style);
  const unix = text.slice(mark.length).replaceAll("\r\n", "\n");
  const head = directives(unix);
  const body = layOut(unix.slice(head.length), { name, source: unix, style, stylua, check });
  const whole = head === "" || head.endsWith("\n") || body === "" ? head + body : `${head}\n${body}`;
  return mark + (ending === "\n" ? whole : whole.replaceAll("\n", ending));
}

/** The lines that luakit skips: the same as `lua/chunk.ts` blanks */
function directives(text: string): string {
  const [first = ""] = /^#[^\n]*(?:\n|$)/.exec(text) ?? [];
  if (!first.startsWith("#!")) return first;
  const [second = ""] = /^#[ \t]*syntax[ \t]*=[^\n]*(?:\n|$)/.exec(text.slice(first.length)) ?? [];
  return first + second;
}

function lineEnding(text: string, { line_endings: wanted }: Style): string {
  if (wanted !== "Keep") return wanted === "Windows" ? "\r\n" : "\n";
  const windows = text.split("\r\n").length - 1;
  return windows > text.split("\n").length - 1 - windows ? "\r\n" : "\n";
}
