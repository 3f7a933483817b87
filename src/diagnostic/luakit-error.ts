import type { ErrorCode } from "./code.ts";

/**
 * A place in a script. `line` and `column` are 1-based, `endColumn` is behind the last character; `source` is the file's
 * whole text when it is known.
 */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly endColumn?: number;
  readonly source?: string;
}

export interface LuakitErrorOptions {
  readonly position?: Position | undefined;
  /** Call sites that led to `position`, innermost first. */
  readonly callers?: readonly Position[] | undefined;
  /** What to type instead; only when it is known. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The one error that people see. Anything else that is thrown is a bug in luakit. */
export class LuakitError extends Error {
  readonly code: ErrorCode;
  readonly position: Position | undefined;
  readonly callers: readonly Position[];
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: LuakitErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LuakitError";
    this.code = code;
    this.position = options.position;
    this.callers = options.callers ?? [];
    this.hint = options.hint;
  }

  /** The same error at `position`, unless it has a place already. */
  at(position: Position, callers: readonly Position[] = []): LuakitError {
    if (this.position !== undefined) return this;
    return new LuakitError(this.code, this.message, { position, callers, hint: this.hint, cause: this.cause });
  }
}
