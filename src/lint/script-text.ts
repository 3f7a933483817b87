import type { SourceFile } from "../llb/location.ts";
import { blankDirectives } from "../lua/chunk.ts";
import { decodeString } from "./lua-string.ts";
import type { Mark } from "./rule.ts";
import type { CallExpression, Placed, Statement, Syntax, SyntaxNode } from "./syntax/node.ts";
import { readSyntax } from "./syntax/read-syntax.ts";

const noSyntax: Syntax = { names: [], calls: [], globals: [], members: [], fields: [], strings: [], statements: [] };

/** A script or module as text. What cannot be read has no syntax. */
export class ScriptText {
  readonly file: SourceFile;
  readonly #text: string;
  #syntax: Syntax | undefined;
  #names: ReadonlyMap<string, number> | undefined;
  #statements: readonly (Statement | undefined)[] | undefined;
  #lines: readonly number[] | undefined;

  constructor(file: SourceFile) {
    this.file = file;
    this.#text = blankDirectives(file.data);
  }

  get syntax(): Syntax {
    this.#syntax ??= readSyntax(this.#text) ?? noSyntax;
    return this.#syntax;
  }

  /** How often a name stands in the script, as that of a variable, a field or a label. */
  countOf(name: string): number {
    this.#names ??= countNames(this.syntax);
    return this.#names.get(name) ?? 0;
  }

  /** The innermost statement that a line is part of. */
  statementAt(line: number): Statement | undefined {
    this.#statements ??= this.#findStatements();
    return this.#statements[line];
  }

  /** Where a node is; one of several lines is its first line. */
  mark({ start, end }: Placed): Mark {
    const { file } = this;
    const line = this.#lineAt(start);
    if (this.#lineAt(end) !== line) return { source: file, line };
    const before = this.#lineStarts[line - 1] ?? 0;
    return { source: file, line, column: start - before + 1, endColumn: end - before + 1 };
  }

  #findStatements(): readonly (Statement | undefined)[] {
    const byLine: (Statement | undefined)[] = [];
    for (const statement of this.syntax.statements) {
      const last = this.#lineAt(statement.end);
      for (let line = this.#lineAt(statement.start); line <= last; line++) byLine[line] = statement;
    }
    return byLine;
  }

  get #lineStarts(): readonly number[] {
    this.#lines ??= [
      0,
      ...Array.from(this.#text.matchAll(/\r\n|\n\r|[\r\n]/g), ({ index, 0: end }) => index + end.length),
    ];
    return this.#lines;
  }

  /** The line that holds a place, 1-based. */
  #lineAt(place: number): number {
    const starts = this.#lineStarts;
    let [first, last] = [0, starts.length - 1];
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      if ((starts[middle] ?? 0) <= place) first = middle;
      else last = middle - 1;
    }
    return first + 1;
  }
}

/** `bk.image`, `string.format`, `unpack`; undefined for what is no plain name. */
export function calleeOf({ base }: CallExpression): string | undefined {
  return pathOf(base);
}

/** A name, or a name within a global table. */
export function pathOf(node: SyntaxNode): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.base.type !== "Identifier") return undefined;
  return `${node.base.name}${node.indexer}${node.name}`;
}

/** The first argument of a call, when it is text as it stands. */
export function firstText({ arguments: [first] }: CallExpression): string | undefined {
  return first?.type === "StringLiteral" ? decodeString(first.raw) : undefined;
}

function countNames({ names }: Syntax): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
