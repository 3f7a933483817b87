import type { Case, Contender, Sample } from "./case.ts";
import type { Cell, Row, Spread } from "./record.ts";

/**
 * Takes the samples of a case: each round has one of every contender, so that a drifting machine hits all alike, and
 * every other round goes backwards, so that none always comes after the same one.
 */
export async function measure(one: Case, limit: number): Promise<Row> {
  const rounds = Math.min(one.rounds, limit);
  const taken = new Map<Contender, Sample[]>(one.contenders.map((contender) => [contender, []]));
  for (let round = one.hasWarmUp === false ? 0 : -1; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? one.contenders : one.contenders.toReversed()) {
      const sample = await contender.sample();
      if (round >= 0) taken.get(contender)?.push(sample);
    }
  }
  const { part, name, about, unit = "seconds", lacking = {} } = one;
  const [first = []] = taken.values();
  const cells = [...taken].map(([contender, samples], index) => summarize(contender, samples, index && first));
  return { part, name, about, unit, rounds, cells, lacking };
}

function summarize(contender: Contender, samples: readonly Sample[], first: readonly Sample[] | 0): Cell {
  const { column, label } = contender;
  const cpu = samples.flatMap((sample) => sample.cpu ?? []);
  const memory = samples.flatMap((sample) => sample.memory ?? []);
  const ratios = first === 0 ? [] : samples.map(({ value }, round) => value / (first[round]?.value ?? Number.NaN));
  return {
    column,
    ...(label === undefined ? {} : { label }),
    value: spreadOf(samples.map(({ value }) => value)),
    ...(cpu.length === 0 ? {} : { cpu: spreadOf(cpu).median }),
    ...(memory.length === 0 ? {} : { memory: Math.max(...memory) }),
    ...(ratios.length === 0 ? {} : { ratio: spreadOf(ratios) }),
  };
}

/** The median and the quartiles, to four digits. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return Number((below + (above - below) * (at - Math.floor(at))).toPrecision(4));
}
