import { ExpressionReader } from "./expression-reader.ts";
import { kinds } from "./lexer.ts";
import type { BlockStatement, FunctionDeclaration, Placed, Statement, Syntax, SyntaxNode } from "./node.ts";

/** The syntax of a script that Lua has read; undefined when this reader does not know what it holds. */
export function readSyntax(text: string): Syntax | undefined {
  try {
    const reader = new StatementReader(text);
    reader.chunk();
    return reader.syntax;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What ends a block. */
const ends = new Set(["end", "else", "elseif", "until"]);

class StatementReader extends ExpressionReader {
  /** What the statements that are read now are part of. */
  #owner: SyntaxNode | undefined;

  chunk(): void {
    this.#statements();
    if (this.lexer.kind !== kinds.end) throw new SyntaxError(`no end at ${this.lexer.start}`);
  }

  protected block(owner: SyntaxNode): void {
    const outer = this.#owner;
    const mark = this.scope.enter();
    this.#owner = owner;
    this.#statements();
    this.#owner = outer;
    this.scope.leave(mark);
  }

  #statements(): void {
    while (this.lexer.kind !== kinds.end && !ends.has(this.lexer.value)) this.#statement();
  }

  #statement(): void {
    const { value } = this.lexer;
    if (this.#simple(value)) return;
    if (value === "if") this.#if();
    else if (value === "function") this.#function();
    else if (value === "while") this.#while();
    else if (value === "for") this.#for();
    else if (value === "repeat") this.#repeat();
    else if (value === "do") this.#do();
    else this.#callOrAssignment();
  }

  /** Reads a statement that holds no others, if it is one. */
  #simple(word: string): boolean {
    if (word === "local") this.#local();
    else if (word === "return") this.#return();
    else if (word === ";") this.lexer.next();
    else if (word === "break" || word === "goto" || word === "::") this.#jump(word);
    else return false;
    return true;
  }

  /** Adds a statement whose end is not known yet. */
  #begin<T extends Statement>(statement: T): T {
    statement.parent = this.#owner;
    this.syntax.statements.push(statement);
    return statement;
  }

  #placed(): Placed {
    const { start } = this.lexer;
    return { start, end: start, parent: this.#owner };
  }

  #beginBlock(type: BlockStatement["type"]): BlockStatement {
    const statement = this.#begin<BlockStatement>({ type, ...this.#placed(), conditions: [] });
    this.lexer.next();
    return statement;
  }

  #finish(statement: Statement, word: string): void {
    this.expect(word);
    statement.end = this.lexer.last;
  }

  #condition(statement: BlockStatement): void {
    const condition = this.expression();
    condition.parent = statement;
    statement.conditions = [...statement.conditions, condition];
  }

  #if(): void {
    const statement = this.#beginBlock("If");
    do {
      this.#condition(statement);
      this.expect("then");
      this.block(statement);
    } while (this.accept("elseif"));
    if (this.accept("else")) this.block(statement);
    this.#finish(statement, "end");
  }

  #while(): void {
    const statement = this.#beginBlock("While");
    this.#condition(statement);
    this.expect("do");
    this.block(statement);
    this.#finish(statement, "end");
  }

  #do(): void {
    const statement = this.#beginBlock("Do");
    this.block(statement);
    this.#finish(statement, "end");
  }

  // What it ends with sees the variables within.
  #repeat(): void {
    const statement = this.#beginBlock("Repeat");
    const outer = this.#owner;
    const mark = this.scope.enter();
    this.#owner = statement;
    this.#statements();
    this.#owner = outer;
    this.expect("until");
    this.#condition(statement);
    this.scope.leave(mark);
    statement.end = this.lexer.last;
  }

  #for(): void {
    const statement = this.#beginBlock("For");
    const mark = this.scope.enter();
    do this.scope.declare(this.name());
    while (this.accept(","));
    if (!this.accept("=")) this.expect("in");
    for (const value of this.list()) value.parent = statement;
    this.expect("do");
    this.block(statement);
    this.scope.leave(mark);
    this.#finish(statement, "end");
  }

  #return(): void {
    const statement = this.#begin({ type: "ReturnStatement", ...this.#placed(), arguments: [] as SyntaxNode[] });
    this.lexer.next();
    const { kind, value } = this.lexer;
    if (kind !== kinds.end && value !== ";" && !ends.has(value)) statement.arguments = this.list();
    for (const each of statement.arguments) each.parent = statement;
    this.accept(";");
    statement.end = this.lexer.last;
  }

  #jump(word: string): void {
    const statement = this.#begin({ type: "Jump", ...this.#placed() });
    this.lexer.next();
    if (word !== "break") this.name();
    if (word === "::") this.expect("::");
    statement.end = this.lexer.last;
  }

  #local(): void {
    const placed = this.#placed();
    this.lexer.next();
    if (this.accept("function")) this.#localFunction(placed);
    else this.#localVariables(placed);
  }

  #localVariables(placed: Placed): void {
    const statement = this.#begin({
      type: "LocalStatement",
      ...placed,
      variables: [] as string[],
      init: [] as SyntaxNode[],
    });
    do {
      statement.variables.push(this.name());
      if (this.accept("<")) {
        // An attribute.
        this.lexer.next();
        this.expect(">");
      }
    } while (this.accept(","));
    if (this.accept("=")) statement.init = this.list();
    for (const each of statement.init) each.parent = statement;
    for (const name of statement.variables) this.scope.declare(name);
    statement.end = this.lexer.last;
  }

  #localFunction(placed: Placed): void {
    this.scope.declare(this.name());
    this.body(this.#begin({ type: "FunctionDeclaration", ...placed, identifier: undefined }), false);
  }

  #function(): void {
    const statement = this.#begin<FunctionDeclaration>({
      type: "FunctionDeclaration",
      ...this.#placed(),
      identifier: undefined,
    });
    this.lexer.next();
    const { start } = this.lexer;
    let name: SyntaxNode = this.variable();
    while (this.accept(".")) name = this.member(name, start, ".");
    const isMethod = this.accept(":");
    if (isMethod) name = this.member(name, start, ":");
    name.parent = statement;
    statement.identifier = name;
    this.body(statement, isMethod);
  }

  #callOrAssignment(): void {
    const placed = this.#placed();
    const { statements } = this.syntax;
    const place = statements.length;
    const first = this.prefixed();
    if (first.type === "CallExpression") {
      const statement = { type: "CallStatement", ...placed, end: this.lexer.last } as const;
      first.parent = statement;
      statements.splice(place, 0, statement);
      return;
    }
    const variables: SyntaxNode[] = [first];
    while (this.accept(",")) variables.push(this.prefixed());
    this.expect("=");
    const values = this.list();
    const statement = { type: "AssignmentStatement", ...placed, end: this.lexer.last, variables } as const;
    for (const each of [...variables, ...values]) each.parent = statement;
    statements.splice(place, 0, statement);
  }
}
