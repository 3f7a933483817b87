import { oneIn, pick, type Random, strangeJson, strangeTexts } from "./choose.ts";

/** Makes texts of these values with some members that are something else, gone, or there twice. */
export function changedJson(values: readonly unknown[]): (random: Random) => string {
  return (random) => {
    let value = pick(random, values);
    for (let left = random(4); left >= 0; left--) value = change(random, value);
    return JSON.stringify(value) ?? "null";
  };
}

function change(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || oneIn(random, 6)) return strangeJson(random);
  if (Array.isArray(value)) {
    const at = random(value.length + 1);
    if (oneIn(random, 4)) return [...value, ...value.slice(at)];
    return oneIn(random, 4) ? value.toSpliced(at, 1) : value.toSpliced(at, 1, change(random, value[at]));
  }
  const entries = Object.entries(value);
  const at = random(entries.length + 1);
  const [name, member] = entries[at] ?? [pick(random, strangeTexts), null];
  const changed: [string, unknown][] = oneIn(random, 5) ? [] : [[name, change(random, member)]];
  return Object.fromEntries(entries.toSpliced(at, 1, ...changed));
}
