import { KeptLog } from "./kept-log.ts";

/** Bytes that all logs of a build may have together, and one of them alone. */
const budget = 6 * 1024 * 1024;
const mostOfOne = 1024 * 1024;

/** The logs of all steps; the more there is, the less is kept of each. */
export class LogStore {
  readonly #logs = new Map<string, KeptLog>();
  #size = 0;
  #limit = mostOfOne;

  append(vertex: string, bytes: Uint8Array, time: number): void {
    if (bytes.length === 0) return;
    const known = this.#logs.get(vertex);
    const log = known ?? new KeptLog();
    if (known === undefined) this.#logs.set(vertex, log);
    this.#size -= log.size;
    log.append(bytes, time);
    if (log.size > this.#limit) log.trim(this.#limit - this.#limit / 8);
    this.#size += log.size;
    if (this.#size > budget) this.#tighten();
  }

  get(vertex: string): KeptLog | undefined {
    return this.#logs.get(vertex);
  }

  #tighten(): void {
    // Less than two blocks of each are never kept, so there is an end to this.
    while (this.#size > (budget * 3) / 4 && this.#limit > 1024) {
      this.#limit /= 2;
      this.#size = 0;
      for (const log of this.#logs.values()) {
        log.trim(this.#limit);
        this.#size += log.size;
      }
    }
  }
}
