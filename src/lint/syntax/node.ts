/** What every part of a script's syntax has: its place, and what it is part of. Blocks are no nodes of their own. */
export interface Placed {
  /** Offsets in the text, to behind the last character. */
  readonly start: number;
  end: number;
  parent: SyntaxNode | undefined;
}

/** A variable. Names of fields and of methods are part of their nodes. */
export interface Identifier extends Placed {
  readonly type: "Identifier";
  readonly name: string;
  readonly isGlobal: boolean;
}

/** `base.name` and `base:name`. */
export interface MemberExpression extends Placed {
  readonly type: "MemberExpression";
  readonly base: SyntaxNode;
  readonly indexer: "." | ":";
  readonly name: string;
}

export interface CallExpression extends Placed {
  readonly type: "CallExpression";
  readonly base: SyntaxNode;
  readonly arguments: readonly SyntaxNode[];
}

/** Text or a number as it stands in the script, quotes included. */
export interface Literal extends Placed {
  readonly type: "StringLiteral" | "NumericLiteral";
  readonly raw: string;
}

/** `name = value` within a table. */
export interface NamedField extends Placed {
  readonly type: "NamedField";
  readonly name: string;
  readonly value: SyntaxNode;
}

/** An operation with one value or two; `and` and `or` are operations too. */
export interface Operation extends Placed {
  readonly type: "Operation";
  readonly operator: string;
}

/** `nil`, `true`, `false`, `...`, tables, functions without a name, and what is in square brackets. */
export interface OtherExpression extends Placed {
  readonly type: "Constant" | "Index" | "Table";
}

/** A function, of a statement or of an expression. */
export interface FunctionDeclaration extends Placed {
  readonly type: "FunctionDeclaration";
  identifier: SyntaxNode | undefined;
}

export interface LocalStatement extends Placed {
  readonly type: "LocalStatement";
  variables: readonly string[];
  init: readonly SyntaxNode[];
}

export interface AssignmentStatement extends Placed {
  readonly type: "AssignmentStatement";
  readonly variables: readonly SyntaxNode[];
}

export interface CallStatement extends Placed {
  readonly type: "CallStatement";
}

export interface ReturnStatement extends Placed {
  readonly type: "ReturnStatement";
  arguments: readonly SyntaxNode[];
}

/** Statements that hold others. The conditions of `if` and `elseif` are told apart from those of loops. */
export interface BlockStatement extends Placed {
  readonly type: "If" | "While" | "For" | "Repeat" | "Do";
  conditions: readonly SyntaxNode[];
}

export interface JumpStatement extends Placed {
  readonly type: "Jump";
}

export type Statement =
  | AssignmentStatement
  | BlockStatement
  | CallStatement
  | FunctionDeclaration
  | JumpStatement
  | LocalStatement
  | ReturnStatement;

export type SyntaxNode =
  | CallExpression
  | Identifier
  | Literal
  | MemberExpression
  | NamedField
  | Operation
  | OtherExpression
  | Statement;

/** What rules look for in a script, each list in the order in which its items begin. */
export interface Syntax {
  /** Every name in the script, once for each time that it is there. */
  readonly names: string[];
  readonly calls: CallExpression[];
  /** Global variables, wherever they are named. */
  readonly globals: Identifier[];
  readonly members: MemberExpression[];
  readonly fields: NamedField[];
  readonly strings: Literal[];
  /** Outer ones before what is in them. */
  readonly statements: Statement[];
}
