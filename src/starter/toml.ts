import type { Folder } from "./folder.ts";

/** What a TOML file holds; nothing when there is none, or none that can be read. */
export function readToml(folder: Folder, name: string): Toml {
  const source = folder.read(name);
  if (source === undefined) return new Toml(undefined);
  try {
    return new Toml(Bun.TOML.parse(source));
  } catch {
    // The tool whose file it is will say what is wrong with it; a script can be written all the same.
    return new Toml(undefined);
  }
}

/** A value of unknown shape. */
export class Toml {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** The value at a path of keys. */
  at(...path: readonly string[]): Toml {
    let value = this.#value;
    for (const key of path) value = isRecord(value) ? value[key] : undefined;
    return new Toml(value);
  }

  get text(): string | undefined {
    return typeof this.#value === "string" ? this.#value : undefined;
  }

  get keys(): readonly string[] {
    return isRecord(this.#value) ? Object.keys(this.#value) : [];
  }

  get items(): readonly Toml[] {
    return Array.isArray(this.#value) ? this.#value.map((item) => new Toml(item)) : [];
  }

  get isThere(): boolean {
    return this.#value !== undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
