import { randomOf } from "../effort.ts";

/** Random choices of one case. */
export class Choice {
  readonly below: (limit: number) => number;

  constructor(kind: string, index: number) {
    this.below = randomOf(kind, index);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  /** One of some values, undefined when there are none. */
  any<T>(values: readonly T[]): T | undefined {
    return values.length === 0 ? undefined : values[this.below(values.length)];
  }

  /** True so many times in a hundred. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  /** `least` to `most` values. */
  several<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => make(index));
  }
}

/** Lua's literal of a string whose characters are bytes. */
export function quote(text: string): string {
  const inside = [...text].map((letter) => {
    const code = letter.charCodeAt(0);
    if (letter === '"' || letter === "\\") return `\\${letter}`;
    return code < 0x20 || code > 0x7e ? `\\x${(code & 0xff).toString(16).padStart(2, "0")}` : letter;
  });
  return `"${inside.join("")}"`;
}
