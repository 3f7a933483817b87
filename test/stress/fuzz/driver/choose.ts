/** Random choices, from 0 to `below` - 1. */
export type Random = (below: number) => number;

export function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[random(list.length)];
  if (one === undefined && list.length === 0) throw new Error("nothing to choose from");
  return one as T;
}

/** True in one of `times` cases. */
export function oneIn(random: Random, times: number): boolean {
  return random(times) === 0;
}

/** Up to `most` of what `make` makes. */
export function many<T>(random: Random, most: number, make: (random: Random) => T): T[] {
  return Array.from({ length: random(most + 1) }, () => make(random));
}

/** A text of up to `most` pieces. */
export function textOf(random: Random, most: number, pieces: readonly string[]): string {
  return many(random, most, () => pick(random, pieces)).join("");
}

/** Numbers at which programs change their mind. */
export const edges: readonly number[] = [
  0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 129, 255, 256, 257, 1000, 1023, 1024, 4095, 4096, 16_383,
  16_384, 16_385, 32_767, 32_768, 65_535, 65_536, 0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** Mostly small, sometimes at an edge. */
export function number(random: Random): number {
  return oneIn(random, 3) ? pick(random, edges) : random(20);
}

/** Values of JSON that are hardly what is expected. */
export function strangeJson(random: Random, depth = 3): unknown {
  const kind = random(depth > 0 ? 10 : 7);
  if (kind === 0) return null;
  if (kind === 1) return oneIn(random, 2);
  if (kind === 2) return pick(random, [0, -1, 1.5, 1e308, -0, 2 ** 53, 4_294_967_296, Number(number(random))]);
  if (kind < 7) return pick(random, strangeTexts);
  if (kind === 7) return many(random, 3, () => strangeJson(random, depth - 1));
  return Object.fromEntries(many(random, 3, () => [pick(random, strangeTexts), strangeJson(random, depth - 1)]));
}

/** Texts that have broken programs. */
export const strangeTexts: readonly string[] = [
  "",
  " ",
  "\0",
  "a",
  "__proto__",
  "constructor",
  "toString",
  "../..",
  "/",
  "//",
  "\\",
  "-",
  "--",
  "=",
  ",",
  '"',
  "'",
  "$",
  "${",
  "%00",
  "%",
  "é",
  "\u2028",
  "\ud800",
  "\u202e",
  "😀",
  "\x1b[2J",
  "\x9b31m",
  "\r\n",
  "\n",
  "\t",
  "0",
  "-1",
  "1e9",
  "NaN",
  "9".repeat(30),
  "x".repeat(300),
  "sha256:",
  `sha256:${"a".repeat(64)}`,
  "[",
  "]",
  "{",
  "}",
  "(",
  "*",
  "**",
  "?",
  "!",
  "#",
  "@",
  ":",
];
