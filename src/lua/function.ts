import type { HandleType } from "./handle.ts";
import type { Kind } from "./kind.ts";
import type { CallPosition } from "./position.ts";

/** One parameter. A `rest` parameter is the last one, and its argument is the list of all remaining values. */
export interface Parameter {
  readonly name: string;
  readonly kind: Kind<unknown>;
  readonly doc?: string;
  readonly rest?: boolean;
  /** May be missing from the middle of a call: an argument that fits only the next parameter is that one's. */
  readonly skippable?: boolean;
}

/** What a function gives back. With `handle`, the handler returns the bare value and the script gets a handle. */
export interface Returns {
  readonly type: string;
  readonly doc?: string;
  readonly handle?: HandleType<unknown>;
}

/** What a handler knows about the call that it serves. */
export interface Call<Session, Self = undefined> {
  readonly session: Session;
  readonly self: Self;
  /** `bk.image`, `state:run`. */
  readonly name: string;
  /** Where the script called; the same call site gives the same object. */
  position(): CallPosition | undefined;
}

type Argument<P> = P extends { readonly kind: Kind<infer T> }
  ? P extends { readonly rest: true }
    ? readonly T[]
    : T
  : never;

/** The arguments that a handler with these parameters gets. */
export type Arguments<P extends readonly Parameter[]> = { -readonly [I in keyof P]: Argument<P[I]> };

export interface FunctionDefinition<Session, P extends readonly Parameter[], Self> {
  /**
   * `bk.image` is a function, `state:run` a method of `self`, `build.state` a field of it. A function whose name is also
   * a table's is what calling the table does.
   */
  readonly name: string;
  readonly doc: string;
  /** The handle type whose method it is. */
  readonly self?: HandleType<Self>;
  readonly params: P;
  /** A field of `self`, read without a call: `build.state`. It has no parameters. */
  readonly isField?: true;
  readonly returns?: Returns;
  /** LuaLS types of calls whose arguments say more about what they give. */
  readonly overloads?: readonly string[];
  /** Lua source that shows its use. */
  readonly example: string;
  readonly run: (call: Call<Session, Self>, ...args: Arguments<P>) => unknown;
}

/** One API function: pure data for documents, and `run` for the VM. */
export interface FunctionDescriptor<Session> {
  readonly name: string;
  readonly doc: string;
  readonly self: HandleType<unknown> | undefined;
  readonly params: readonly Parameter[];
  readonly isField?: true;
  readonly returns: Returns | undefined;
  readonly overloads: readonly string[];
  readonly example: string;
  readonly run: (call: Call<Session, unknown>, args: readonly unknown[]) => unknown;
}

/**
 * Defines an API function: `defineFunction<Session>()({ name, doc, params, returns, example, run })`.
 * `run` gets its arguments typed by the parameters' kinds; what it throws becomes an error of the script at the call.
 */
export function defineFunction<Session>() {
  return <const P extends readonly Parameter[], Self = undefined>(
    definition: FunctionDefinition<Session, P, Self>,
  ): FunctionDescriptor<Session> => ({
    name: definition.name,
    doc: definition.doc,
    self: definition.self,
    params: definition.params,
    ...(definition.isField === true ? { isField: true } : {}),
    returns: definition.returns,
    overloads: definition.overloads ?? [],
    example: definition.example,
    run: (call, args) => definition.run(call as Call<Session, Self>, ...(args as Arguments<P>)),
  });
}

/** Several results of one call: `return results(a, b)`. */
export class Results {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

export function results(...values: readonly unknown[]): Results {
  return new Results(values);
}
