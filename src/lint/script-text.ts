import {
  type CallExpression,
  type Identifier,
  type Node,
  parse,
  type StringCallExpression,
  type StringLiteral,
  type TableCallExpression,
} from "luaparse";
import type { SourceFile } from "../llb/location.ts";
import { blankDirectives } from "../lua/chunk.ts";
import { decodeString } from "./lua-string.ts";
import type { Mark } from "./rule.ts";

/** A node of a script's syntax, with what it is part of. */
export interface SyntaxEntry {
  readonly node: Node;
  readonly parent: SyntaxEntry | undefined;
}

export type AnyCall = CallExpression | StringCallExpression | TableCallExpression;

/** A script or module as text. What the parser cannot read has no syntax. */
export class ScriptText {
  readonly file: SourceFile;
  #entries: readonly SyntaxEntry[] | undefined;
  #names: ReadonlyMap<string, number> | undefined;
  #statements: readonly (Node | undefined)[] | undefined;

  constructor(file: SourceFile) {
    this.file = file;
  }

  /** All nodes, outer ones before what is in them. */
  get entries(): readonly SyntaxEntry[] {
    this.#entries ??= readEntries(this.file.data);
    return this.#entries;
  }

  /** How often a name stands in the script, as a variable. */
  countOf(name: string): number {
    this.#names ??= countNames(this.entries);
    return this.#names.get(name) ?? 0;
  }

  /** The innermost statement that a line is part of. */
  statementAt(line: number): Node | undefined {
    this.#statements ??= findStatements(this.entries);
    return this.#statements[line];
  }

  /** Where a node is; one of several lines is its first line. */
  mark({ loc }: Node): Mark {
    const { file } = this;
    if (loc === undefined) return { source: file, line: 1 };
    const { start, end } = loc;
    if (start.line !== end.line) return { source: file, line: start.line };
    return { source: file, line: start.line, column: start.column + 1, endColumn: end.column + 1 };
  }
}

/** `bk.image`, `string.format`, `unpack`; undefined for what is no plain name. */
export function calleeOf({ base }: AnyCall): string | undefined {
  return pathOf(base);
}

/** A name, or a name within a global table. */
export function pathOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.base.type !== "Identifier") return undefined;
  return `${node.base.name}${node.indexer}${node.identifier.name}`;
}

export function isCall(node: Node): node is AnyCall {
  return /^(String|Table)?CallExpression$/.test(node.type);
}

/** The first argument of a call, when it is text as it stands. */
export function firstText(call: AnyCall): string | undefined {
  const first = call.type === "StringCallExpression" ? call.argument : call.arguments;
  const node = Array.isArray(first) ? first[0] : first;
  return node?.type === "StringLiteral" ? textOfLiteral(node) : undefined;
}

export function textOfLiteral({ raw }: StringLiteral): string {
  return decodeString(raw);
}

/** Whether a name is that of a global variable. */
export function isGlobal(node: Identifier): boolean {
  return "isLocal" in node && node.isLocal === false;
}

function readEntries(data: string): readonly SyntaxEntry[] {
  // The parser knows Lua 5.3: all that 5.4 has besides are attributes of variables.
  const text = blankDirectives(data).replace(/<\s*(?:const|close)\s*>/g, (attribute) => " ".repeat(attribute.length));
  try {
    const chunk = parse(text, { luaVersion: "5.3", comments: false, locations: true, scope: true });
    const entries: SyntaxEntry[] = [];
    collect(chunk, undefined, entries);
    return entries;
  } catch {
    // Lua itself has read it: rules about the text have nothing to say then.
    return [];
  }
}

function collect(root: Node, parent: SyntaxEntry | undefined, entries: SyntaxEntry[]): void {
  const entry = { node: root, parent };
  entries.push(entry);
  for (const [key, value] of Object.entries(root)) {
    // The chunk lists its global variables a second time.
    if (typeof value !== "object" || key === "globals" || key === "loc") continue;
    if (Array.isArray(value)) for (const item of value) collectPart(item, entry, entries);
    else collectPart(value, entry, entries);
  }
}

function collectPart(value: unknown, parent: SyntaxEntry, entries: SyntaxEntry[]): void {
  if (isNode(value)) collect(value, parent, entries);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function countNames(entries: readonly SyntaxEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of entries) {
    if (node.type === "Identifier") counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  }
  return counts;
}

function findStatements(entries: readonly SyntaxEntry[]): readonly (Node | undefined)[] {
  const byLine: (Node | undefined)[] = [];
  for (const { node } of entries) {
    if (node.loc === undefined || !/(?:Statement|Declaration)$/.test(node.type)) continue;
    for (let { line } = node.loc.start; line <= node.loc.end.line; line++) byLine[line] = node;
  }
  return byLine;
}
