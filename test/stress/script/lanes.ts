import { seed } from "../effort.ts";

/** What is wrong with one case; with the seed it can be had again. */
export interface Failure {
  readonly kind: string;
  readonly index: number;
  readonly problems: readonly string[];
  readonly script: string;
}

/** Does the work for each number below `count`, several at a time, and gives what was wrong. */
export async function inLanes(
  lanes: number,
  count: number,
  work: (index: number) => Promise<Failure | undefined>,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) {
      const failure = await work(index);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failures;
}

/** Failures as people read them; no text when there are none. */
export function describeFailures(failures: readonly Failure[]): string {
  const texts = failures.slice(0, 5).map(({ kind, index, problems, script }) => {
    const distinct = [...new Set(problems)].slice(0, 5).map((problem) => `  ${problem.slice(0, 1000)}`);
    return [`${kind} ${index} of seed ${seed}:`, ...distinct, script].join("\n");
  });
  return failures.length === 0 ? "" : `${failures.length} failures\n${texts.join("\n")}`;
}
