/** Thrown for JSON of another shape; its message says what is wrong and where in the value. */
export class ShapeError extends Error {}

/** The members of a JSON object, by whatever case their names have: Go's own reader takes them so. Others do not matter. */
export class JsonFields {
  readonly #where: string;
  readonly #members = new Map<string, unknown>();

  /** Throws ShapeError when `value` is no object. */
  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ShapeError(`${where}: expected an object, got ${nameOf(value)}`);
    }
    this.#where = where;
    for (const [name, member] of Object.entries(value)) {
      if (member !== null) this.#members.set(name.toLowerCase(), member);
    }
  }

  text(name: string): string {
    const value = this.#get(name);
    return value === undefined ? "" : typeof value === "string" ? value : this.#refuse(name, "a string", value);
  }

  number(name: string): number {
    const value = this.#get(name);
    return value === undefined ? 0 : typeof value === "number" ? value : this.#refuse(name, "a number", value);
  }

  flag(name: string): boolean {
    const value = this.#get(name);
    return value === undefined ? false : typeof value === "boolean" ? value : this.#refuse(name, "a boolean", value);
  }

  /** Bytes, which JSON has as base64. */
  bytes(name: string): Uint8Array {
    return this.#decode(name, this.text(name));
  }

  bytesList(name: string): Uint8Array[] {
    return this.#list(name).map((item) => {
      return typeof item === "string" ? this.#decode(name, item) : this.#refuse(name, "strings", item);
    });
  }

  texts(name: string): string[] {
    return this.#list(name).map((item) => (typeof item === "string" ? item : this.#refuse(name, "strings", item)));
  }

  objects(name: string): JsonFields[] {
    return this.#list(name).map((item, place) => new JsonFields(item, `${this.#at(name)}[${place}]`));
  }

  object(name: string): JsonFields | undefined {
    const value = this.#get(name);
    return value === undefined ? undefined : new JsonFields(value, this.#at(name));
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  /** Ends with what is wrong with a member. */
  refuse(name: string, problem: string): never {
    throw new ShapeError(`${this.#at(name)}: ${problem}`);
  }

  #get(name: string): unknown {
    return this.#members.get(name.toLowerCase());
  }

  #list(name: string): readonly unknown[] {
    const value = this.#get(name) ?? [];
    return Array.isArray(value) ? value : this.#refuse(name, "a list", value);
  }

  #decode(name: string, text: string): Uint8Array {
    try {
      return Uint8Array.fromBase64(text);
    } catch {
      return this.refuse(name, "not base64");
    }
  }

  #refuse(name: string, wanted: string, got: unknown): never {
    return this.refuse(name, `expected ${wanted}, got ${nameOf(got)}`);
  }

  #at(name: string): string {
    return this.#where === "" ? name : `${this.#where}.${name}`;
  }
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
