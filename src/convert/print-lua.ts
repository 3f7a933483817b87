import { type Entry, isName, type Link, type Lua } from "./lua.ts";
import { isLong, levelOf, longString, quote } from "./print-string.ts";

/** Columns of a line. */
const width = 120;

/** Writes Lua that starts in a column of a line with an indentation; `after` is what follows on its last line. */
export function printLua(lua: Lua, indent: string, column: number, after = 0): string {
  const flat = flatten(lua);
  if (flat !== undefined && column + flat.length + after <= width) return flat;
  switch (lua.type) {
    case "table":
      return printTable(lua.entries, indent);
    case "call":
      return printCall(lua.callee, lua.args, indent, column);
    case "chain":
      return printChain(lua.head, lua.links, indent, column);
    case "lines":
      return printLines(lua.lines, indent);
    case "string":
      return isLong(lua.value) ? longString(lua.value) : quote(lua.value);
    case "concat":
      return lua.parts.map((part) => printLua(part, indent, column)).join(" .. ");
    default:
      return lua.text;
  }
}

/** On one line; undefined when that cannot be. */
function flatten(lua: Lua): string | undefined {
  switch (lua.type) {
    case "code":
      return lua.text.includes("\n") ? undefined : lua.text;
    case "string":
      return isLong(lua.value) ? undefined : quote(lua.value);
    case "lines":
      return undefined;
    case "concat":
      return joinFlat(lua.parts, " .. ");
    case "table":
      return flattenTable(lua.entries);
    case "call":
      return flattenCall(lua.callee, lua.args);
    case "chain":
      return joinFlat([lua.head, ...lua.links.map(flatLink)], "");
  }
}

function joinFlat(parts: readonly (Lua | undefined)[], between: string): string | undefined {
  const texts = parts.map((part) => (part === undefined ? undefined : flatten(part)));
  return texts.includes(undefined) ? undefined : texts.join(between);
}

function flatLink({ method, args, comments }: Link): Lua | undefined {
  return comments.length > 0 ? undefined : { type: "call", callee: `:${method}`, args };
}

function flattenCall(callee: string, args: readonly Lua[]): string | undefined {
  const inside = joinFlat(args, ", ");
  return inside === undefined ? undefined : `${callee}(${inside})`;
}

function flattenTable(entries: readonly Entry[]): string | undefined {
  if (entries.length === 0) return "{}";
  if (entries.some(({ comments = [] }) => comments.length > 0)) return undefined;
  const texts = entries.map(({ key, value }) => {
    const flat = flatten(value);
    return flat === undefined ? undefined : `${printKey(key)}${flat}`;
  });
  return texts.includes(undefined) ? undefined : `{ ${texts.join(", ")} }`;
}

function printKey(key: Entry["key"]): string {
  if (key === undefined) return "";
  if (typeof key !== "string") return `[${flatten(key) ?? ""}] = `;
  return isName(key) ? `${key} = ` : `[${quote(key)}] = `;
}

function printTable(entries: readonly Entry[], indent: string): string {
  const inner = `${indent}  `;
  const lines = entries.flatMap(({ key, value, comments = [] }) => {
    const head = `${inner}${printKey(key)}`;
    return [...printComments(comments, inner), `${head}${printLua(value, inner, head.length, 1)},`];
  });
  return ["{", ...lines, `${indent}}`].join("\n");
}

function printCall(callee: string, args: readonly Lua[], indent: string, column: number): string {
  const last = args.at(-1);
  const before = args.slice(0, -1).map(flatten);
  const head = `${callee}(${before.map((each) => `${each}, `).join("")}`;
  if (last !== undefined && hugs(last, args) && !before.includes(undefined) && column + head.length < width) {
    return `${head}${printLua(last, indent, column + head.length, 1)})`;
  }
  const inner = `${indent}  `;
  const lines = args.map((arg) => `${inner}${printLua(arg, inner, inner.length, 1)}`);
  return `${callee}(\n${lines.join(",\n")}\n${indent})`;
}

/** Whether a last argument begins on the line of the call. */
function hugs(last: Lua, args: readonly Lua[]): boolean {
  if (last.type === "concat") return flatten(last) === undefined;
  if (last.type === "string") return args.length === 1 && isLong(last.value);
  return last.type === "table" || (args.length === 1 && last.type !== "chain");
}

function printChain(head: Lua, links: readonly Link[], indent: string, column: number): string {
  const [only] = links;
  if (only !== undefined && links.length === 1) {
    const start = printLua(head, indent, column);
    return `${start}${printCall(`:${only.method}`, only.args, indent, column + start.length)}`;
  }
  const inner = `${indent}  `;
  const lines = links.flatMap(({ method, args, comments }) => [
    ...printComments(comments, inner),
    `${inner}${printLua({ type: "call", callee: `:${method}`, args }, inner, inner.length)}`,
  ]);
  return [printHead(head, links, indent, column), ...lines].join("\n");
}

/** Comments between the calls take the first one from its table, too. */
function printHead(head: Lua, links: readonly Link[], indent: string, column: number): string {
  const start = printLua(head, indent, column);
  const isCommented = links.some(({ comments }) => comments.length > 0);
  return isCommented && head.type === "call" ? start.replace(".", `\n${indent}  .`) : start;
}

function printLines(lines: readonly string[], indent: string): string {
  const level = levelOf(lines.join("\n"));
  const inner = `${indent}  `;
  const shown = lines.map((line) => (line === "" ? "" : `${inner}${line}`));
  return [`[${level}[`, ...shown, `${indent}]${level}]`].join("\n");
}

/** Comments of a Dockerfile as those of Lua. */
export function printComments(comments: readonly string[], indent: string): readonly string[] {
  // For Lua a carriage return ends a comment, and what follows would be code.
  return comments.map((comment) => `${indent}-- ${comment.replace(/[^\P{Cc}\t]/gu, " ")}`.trimEnd());
}
