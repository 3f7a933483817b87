import { kinds, Lexer } from "./lexer.ts";
import type { CallExpression, FunctionDeclaration, Identifier, Syntax, SyntaxNode } from "./node.ts";
import { Scope } from "./scope.ts";

/** How strongly operators bind. */
const strengths: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ or: 1, and: 2, "<": 3, ">": 3, "<=": 3, ">=": 3, "~=": 3, "==": 3, "|": 4, "~": 5, "&": 6, "<<": 7, ">>": 7 },
    ...{ "..": 9, "+": 10, "-": 10, "*": 11, "/": 11, "//": 11, "%": 11, "^": 14 },
  }),
);
const rightToLeft = new Set(["..", "^"]);
const unary = 12;

/** Reads expressions. What they hold is told their parent when that is made. */
export abstract class ExpressionReader {
  protected readonly lexer: Lexer;
  protected readonly scope = new Scope();
  readonly syntax: Syntax = { names: [], calls: [], globals: [], members: [], fields: [], strings: [], statements: [] };

  constructor(text: string) {
    this.lexer = new Lexer(text);
  }

  /** Reads statements up to what ends their block. */
  protected abstract block(owner: SyntaxNode): void;

  /** Whether the token is this one, which is then behind us. */
  protected accept(value: string): boolean {
    if (this.lexer.value !== value) return false;
    this.lexer.next();
    return true;
  }

  protected expect(value: string): void {
    if (!this.accept(value)) throw new SyntaxError(`no "${value}" at ${this.lexer.start}`);
  }

  protected name(): string {
    const { kind, value } = this.lexer;
    if (kind !== kinds.name) throw new SyntaxError(`no name at ${this.lexer.start}`);
    this.lexer.next();
    this.syntax.names.push(value);
    return value;
  }

  protected list(): SyntaxNode[] {
    const items = [this.expression()];
    while (this.accept(",")) items.push(this.expression());
    return items;
  }

  protected expression(least = 0): SyntaxNode {
    const { start } = this.lexer;
    let left = this.#operand();
    for (;;) {
      const operator = this.lexer.value;
      const strength = operator === "" ? undefined : strengths.get(operator);
      if (strength === undefined || strength <= least) return left;
      this.lexer.next();
      const right = this.expression(rightToLeft.has(operator) ? strength - 1 : strength);
      left = this.#operation(operator, start, [left, right]);
    }
  }

  /** A name, or what stands in brackets, with all that is behind it. */
  protected prefixed(): SyntaxNode {
    const { start } = this.lexer;
    let node = this.accept("(") ? this.#bracketed() : this.variable();
    for (;;) {
      const next = this.#suffix(node, start);
      if (next === undefined) return node;
      node = next;
    }
  }

  protected variable(): Identifier {
    const { start } = this.lexer;
    const name = this.name();
    const isGlobal = !this.scope.has(name);
    const node: Identifier = { type: "Identifier", start, end: this.lexer.last, parent: undefined, name, isGlobal };
    if (isGlobal) this.syntax.globals.push(node);
    return node;
  }

  protected member(base: SyntaxNode, start: number, indexer: "." | ":"): SyntaxNode {
    const name = this.name();
    const end = this.lexer.last;
    const node = { type: "MemberExpression", start, end, parent: undefined, base, indexer, name } as const;
    base.parent = node;
    this.syntax.members.push(node);
    return node;
  }

  /** The parameters and the body of a function. */
  protected body(node: FunctionDeclaration, isMethod: boolean): void {
    const mark = this.scope.enter();
    if (isMethod) this.scope.declare("self");
    this.expect("(");
    while (!this.accept(")")) {
      if (!this.accept("...")) this.scope.declare(this.name());
      if (this.lexer.value !== ")") this.expect(",");
    }
    this.block(node);
    this.scope.leave(mark);
    this.expect("end");
    node.end = this.lexer.last;
  }

  #bracketed(): SyntaxNode {
    const inner = this.expression();
    this.expect(")");
    return inner;
  }

  #operation(operator: string, start: number, operands: readonly SyntaxNode[]): SyntaxNode {
    const node = { type: "Operation", start, end: this.lexer.last, parent: undefined, operator } as const;
    for (const operand of operands) operand.parent = node;
    return node;
  }

  #operand(): SyntaxNode {
    const { kind, value, start } = this.lexer;
    if (kind === kinds.name) return this.prefixed();
    if (kind === kinds.string || kind === kinds.number) return this.#literal();
    switch (value) {
      case "(":
        return this.prefixed();
      case "{":
        return this.#table();
      case "function":
        return this.#function();
      case "nil":
      case "true":
      case "false":
      case "...":
        this.lexer.next();
        return { type: "Constant", start, end: this.lexer.last, parent: undefined };
      case "not":
      case "-":
      case "#":
      case "~":
        this.lexer.next();
        return this.#operation(value, start, [this.expression(unary)]);
      default:
        throw new SyntaxError(`no expression at ${start}`);
    }
  }

  #literal(): SyntaxNode {
    const { kind, start, end } = this.lexer;
    const raw = this.lexer.raw();
    this.lexer.next();
    if (kind === kinds.number) return { type: "NumericLiteral", start, end, parent: undefined, raw };
    const node = { type: "StringLiteral", start, end, parent: undefined, raw } as const;
    this.syntax.strings.push(node);
    return node;
  }

  #function(): SyntaxNode {
    const { start } = this.lexer;
    this.lexer.next();
    const node: FunctionDeclaration = {
      type: "FunctionDeclaration",
      start,
      end: start,
      parent: undefined,
      identifier: undefined,
    };
    this.syntax.statements.push(node);
    this.body(node, false);
    return node;
  }

  #suffix(base: SyntaxNode, start: number): SyntaxNode | undefined {
    if (this.lexer.kind === kinds.string) return this.#call(base, start, [this.#literal()]);
    switch (this.lexer.value) {
      case ".":
        this.lexer.next();
        return this.member(base, start, ".");
      case ":":
        this.lexer.next();
        return this.#arguments(this.member(base, start, ":"), start);
      case "[":
        return this.#index(base, start);
      case "(":
      case "{":
        return this.#arguments(base, start);
      default:
        return undefined;
    }
  }

  #index(base: SyntaxNode, start: number): SyntaxNode {
    this.lexer.next();
    const key = this.expression();
    this.expect("]");
    const node = { type: "Index", start, end: this.lexer.last, parent: undefined } as const;
    base.parent = node;
    key.parent = node;
    return node;
  }

  #arguments(base: SyntaxNode, start: number): SyntaxNode {
    if (this.lexer.kind === kinds.string) return this.#call(base, start, [this.#literal()]);
    if (this.lexer.value === "{") return this.#call(base, start, [this.#table()]);
    this.expect("(");
    const given = this.lexer.value === ")" ? [] : this.list();
    this.expect(")");
    return this.#call(base, start, given);
  }

  #call(base: SyntaxNode, start: number, given: readonly SyntaxNode[]): SyntaxNode {
    const end = this.lexer.last;
    const node: CallExpression = { type: "CallExpression", start, end, parent: undefined, base, arguments: given };
    base.parent = node;
    for (const each of given) each.parent = node;
    this.syntax.calls.push(node);
    return node;
  }

  #table(): SyntaxNode {
    const { start } = this.lexer;
    this.lexer.next();
    const parts: SyntaxNode[] = [];
    while (this.lexer.value !== "}") {
      this.#field(parts);
      if (!this.accept(",") && !this.accept(";")) break;
    }
    this.expect("}");
    const node = { type: "Table", start, end: this.lexer.last, parent: undefined } as const;
    for (const part of parts) part.parent = node;
    return node;
  }

  #field(parts: SyntaxNode[]): void {
    if (this.lexer.value === "[") {
      this.lexer.next();
      parts.push(this.expression());
      this.expect("]");
      this.expect("=");
      parts.push(this.expression());
    } else if (this.lexer.kind === kinds.name && this.lexer.isBefore("=")) parts.push(this.#namedField());
    else parts.push(this.expression());
  }

  #namedField(): SyntaxNode {
    const { start } = this.lexer;
    const name = this.name();
    this.expect("=");
    const value = this.expression();
    const end = this.lexer.last;
    const node = { type: "NamedField", start, end, parent: undefined, name, value } as const;
    value.parent = node;
    this.syntax.fields.push(node);
    return node;
  }
}
