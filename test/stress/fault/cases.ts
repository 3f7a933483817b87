import { inTurn } from "../../support/in-turn.ts";
import { randomOf, seed, tell } from "../effort.ts";
import type { Random } from "./frame-faults.ts";

/** What came of one case. */
export interface CaseEnd {
  /** Whether the fault came before the end. */
  readonly struck: boolean;
  /** What is wrong; nothing when all promises were kept. */
  readonly wrong: readonly string[];
  /** A word for the table, such as how it ended. */
  readonly kind?: string;
  /** What it wrote, for those who look into a failure. */
  readonly text?: string;
}

/** LUAKIT_CASE=N runs only the case of this number. */
const only = process.env.LUAKIT_CASE;

/**
 * Runs cases of a kind, some beside each other, tells how many there were and throws when one is wrong. The same seed and
 * number is the same case.
 */
export async function runCases(
  kind: string,
  count: number,
  run: (random: Random, index: number) => Promise<CaseEnd>,
  atOnce = 3,
): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => index);
  const chosen = only === undefined ? all : [Number(only)];
  const failures: string[] = [];
  const kinds = new Map<string, number>();
  let faults = 0;
  await inTurn(chosen, atOnce, async (index) => {
    const { struck, wrong, kind: word, text = "" } = await run(randomOf(kind, index), index).catch(failed);
    if (struck) faults++;
    if (word !== undefined) kinds.set(word, (kinds.get(word) ?? 0) + 1);
    if (wrong.length === 0) return;
    failures.push(
      `${kind}, case ${index} of seed ${seed} (LUAKIT_SEED=${seed} LUAKIT_CASE=${index}): ${wrong.join("; ")}\n${text}`,
    );
  });
  tell(`fault: ${kind}`, { runs: chosen.length, faults, ...Object.fromEntries(kinds), failures: failures.length });
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

function failed(error: unknown): CaseEnd {
  return { struck: true, wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
}
