/** The local variables that are known at a place of a script. */
export class Scope {
  /** In the order of their declarations. */
  readonly #names: string[] = [];
  readonly #known = new Map<string, number>();

  has(name: string): boolean {
    return (this.#known.get(name) ?? 0) > 0;
  }

  declare(name: string): void {
    this.#names.push(name);
    this.#known.set(name, (this.#known.get(name) ?? 0) + 1);
  }

  /** What a block begins with, for `leave` to be told at its end. */
  enter(): number {
    return this.#names.length;
  }

  /** Forgets what was declared since. */
  leave(mark: number): void {
    for (let name = this.#popAbove(mark); name !== undefined; name = this.#popAbove(mark)) {
      this.#known.set(name, (this.#known.get(name) ?? 1) - 1);
    }
  }

  #popAbove(mark: number): string | undefined {
    return this.#names.length > mark ? this.#names.pop() : undefined;
  }
}
