import { appendFileSync } from "node:fs";
import { openRandom } from "../h2/random.ts";

/** The share of the long form that a run is about: 0 in `npm test`, 1 in `npm run stress`. */
const share = Number(process.env.LUAKIT_STRESS ?? 0);

/** Whether this is not `npm test`. */
export const isLong = share > 0;

/** How often, how large, how many milliseconds: little in `npm test`, much in `npm run stress`. */
export function effort(short: number, long: number): number {
  return Math.max(short, Math.round(long * share));
}

/** What the random choices of a run start from: always the same in `npm test`, said and settable in `npm run stress`. */
export const seed = Number(process.env.LUAKIT_SEED ?? 1);

/** Random choices of one case of one kind: the same for the same seed, whatever ran before. */
export function randomOf(kind: string, index: number): (below: number) => number {
  return openRandom(Number(Bun.hash.xxHash32(`${seed}/${kind}/${index}`)));
}

/** Notes what was done, for the table that `npm run stress` ends with. */
export function tell(what: string, figures: Readonly<Record<string, number | string>>): void {
  const file = process.env.LUAKIT_STRESS_FIGURES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, figures })}\n`);
}
