/** A field with its size as RFC 7541 section 4.1 counts it. */
export interface TableEntry {
  readonly field: readonly [name: string, value: string];
  readonly size: number;
}

/** What an entry costs beyond the bytes of its name and value. */
export const entryOverhead = 32;

/** The dynamic table of RFC 7541 section 2.3.2: newest first, evicted by size. */
export class HeaderTable {
  readonly #onEvict: ((entry: TableEntry, order: number) => void) | undefined;
  #entries: TableEntry[] = [];
  /** Entries before it are gone; the array is shortened now and then only. */
  #oldest = 0;
  #size = 0;
  #capacity: number;
  #inserted = 0;

  /** `onEvict` hears of every entry that leaves, with the number of entries inserted before it. */
  constructor(capacity: number, onEvict?: (entry: TableEntry, order: number) => void) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
  }

  get capacity(): number {
    return this.#capacity;
  }

  get length(): number {
    return this.#entries.length - this.#oldest;
  }

  get size(): number {
    return this.#size;
  }

  /** How many entries were ever inserted. */
  get inserted(): number {
    return this.#inserted;
  }

  /** The field at `index`, 0 being the newest. */
  at(index: number): readonly [name: string, value: string] | undefined {
    return index < this.length ? this.#entries[this.#entries.length - 1 - index]?.field : undefined;
  }

  /** False: the field is larger than the table, which is empty now. */
  insert(field: readonly [name: string, value: string], size: number): boolean {
    this.#evict(this.#capacity - size);
    if (size > this.#capacity) return false;
    this.#entries.push({ field, size });
    this.#size += size;
    this.#inserted++;
    return true;
  }

  resize(capacity: number): void {
    this.#capacity = capacity;
    this.#evict(capacity);
  }

  #evict(limit: number): void {
    while (this.#size > Math.max(limit, 0)) {
      const entry = this.#entries[this.#oldest];
      if (entry === undefined) break;
      this.#onEvict?.(entry, this.#inserted - this.length);
      this.#size -= entry.size;
      this.#oldest++;
    }
    if (this.#oldest > 64 && this.#oldest * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}
