import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Stylua } from "./open-stylua.ts";
import type { Style } from "./style.ts";

/**
 * A script, laid out. Lines at its beginning that are not Lua (a shebang, `#syntax=`) stay as they are, and so does a byte
 * order mark. Throws "script.syntax" at the place.
 */
export function formatScript(name: string, text: string, style: Style, stylua: Stylua): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const ending = lineEnding(text, style);
  const unix = text.slice(mark.length).replaceAll("\r\n", "\n");
  const head = directives(unix);
  const body = layOut(name, unix, head, style, stylua);
  const whole = head === "" || head.endsWith("\n") || body === "" ? head + body : `${head}\n${body}`;
  return mark + (ending === "\n" ? whole : whole.replaceAll("\n", ending));
}

function layOut(name: string, unix: string, head: string, style: Style, stylua: Stylua): string {
  try {
    return stylua(unix.slice(head.length), style);
  } catch (thrown) {
    throw typeof thrown === "string" ? syntaxError(name, unix, head, thrown) : ownFailure(name, thrown);
  }
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

/** `error parsing: unexpected token `=` (3:7 to 3:8), expected …`, or several of these in lines. */
function syntaxError(name: string, source: string, head: string, said: string): LuakitError {
  const reasons = said.replace(/^error parsing:\s*/, "").split(/^\s*- /m);
  const reason = (reasons.find((each) => each.trim() !== "") ?? said).trim();
  const place = /\((\d+):(\d+) to \d+:\d+\)/.exec(reason);
  if (place === null) return ownFailure(name, reason);
  const line = Number(place[1]) + head.split("\n").length - 1;
  const message = reason.replace(` ${place[0]}`, "").replaceAll("`", '"');
  return new LuakitError("script.syntax", message, { position: { file: name, line, source } });
}

function ownFailure(name: string, thrown: unknown): LuakitError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new LuakitError("script.format", `StyLua cannot format ${name}: ${reason}`, {
    cause: thrown,
    hint: "the file is left as it is; `-- stylua: ignore` above a statement leaves that out",
  });
}
