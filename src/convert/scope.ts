/** What a variable of the Dockerfile is in the script. */
export type Binding =
  | { readonly type: "constant"; readonly value: string }
  /** A build argument: a Lua local, or an expression with one. */
  | {
      readonly type: "local";
      readonly name: string;
      readonly mayBeNil: boolean;
      /** Its value when nothing is given, if that is known. */
      readonly preset: string | undefined;
    }
  /** Only the base image, or the daemon, knows its value. */
  | { readonly type: "foreign" };

/** The variables that an instruction sees. */
export class Scope {
  readonly #bindings: Map<string, Binding>;
  readonly #rest: Binding | undefined;

  /** `rest` is what names are that nobody has set. */
  constructor(rest?: Binding, bindings: ReadonlyMap<string, Binding> = new Map()) {
    this.#rest = rest;
    this.#bindings = new Map(bindings);
  }

  get(name: string): Binding | undefined {
    return this.#bindings.get(name) ?? this.#rest;
  }

  set(name: string, binding: Binding): void {
    this.#bindings.set(name, binding);
  }

  /** Names and what they are, by name. */
  entries(): readonly (readonly [string, Binding])[] {
    return [...this.#bindings].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  /** A copy that goes its own way. */
  fork(): Scope {
    return new Scope(this.#rest, this.#bindings);
  }
}

export const foreign: Binding = { type: "foreign" };

export function constant(value: string): Binding {
  return { type: "constant", value };
}
