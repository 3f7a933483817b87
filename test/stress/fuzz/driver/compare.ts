import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { effort, randomOf, seed, tell } from "../../effort.ts";
import { oneIn, pick, type Random } from "./choose.ts";
import { readCorpus, writeInput } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { outline } from "./tolerate.ts";

/** Something that Go has too. */
export interface Comparison {
  /** As main.go knows it. */
  readonly kind: string;
  readonly seeds: readonly (string | Uint8Array)[];
  readonly dictionary?: readonly string[];
  readonly generate?: (random: Random) => string | Uint8Array;
  /** What we make of an input, in the words of the Go program; what it throws is an answer too. */
  readonly ours: (input: Uint8Array) => unknown;
  /** The inputs are bytes, not text. */
  readonly isBinary?: boolean;
  /** How answers without errors are compared. Default: they are equal. */
  readonly isSame?: (ours: unknown, theirs: unknown) => boolean;
  /** Inputs about which we differ on purpose; the comment beside it says why. */
  readonly differs?: (text: string, answers: { readonly ours: Answer; readonly theirs: Answer }) => boolean;
}

/** One of both. */
export interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** A line of a table of what Go said. */
export interface Entry extends Answer {
  readonly input: string;
}

const folder = join(import.meta.dir, "..");
/** Inputs that one run of the Go program answers. */
const batch = 4000;
/** Differences of different kinds after which it is enough. */
const mostDifferences = 10;
/** Lines of a table. */
export const tableSize = 150;

/** In the short form a kept table is compared, in the long form as many new inputs as there is time for. */
export function compareWithGo(comparison: Comparison): void {
  const { kind } = comparison;
  const milliseconds = effort(0, 600_000);
  test(`${kind}: what Go said`, () => {
    expect(readTable(kind).length).toBeGreaterThan(100);
    expect(readTable(kind).flatMap((entry) => describeDifference(comparison, entry) ?? [])).toEqual([]);
  }, 60_000);
  if (milliseconds === 0) return;
  test(
    `${kind}: what Go says`,
    async () => {
      const found = new Map<string, string>();
      const end = performance.now() + milliseconds;
      let inputs = 0;
      while (performance.now() < end && found.size < mostDifferences) {
        for (const entry of await askGo(kind, makeInputs(comparison, inputs, batch))) {
          if (found.size >= mostDifferences) break;
          const difference = describeDifference(comparison, entry);
          if (difference !== undefined && !found.has(difference.kind)) found.set(difference.kind, difference.text);
        }
        inputs += batch;
      }
      tell(`fuzz: ${kind}, as Go has it`, { inputs, differences: found.size });
      expect([...found.values()]).toEqual([]);
    },
    milliseconds * 2 + 600_000,
  );
}

function readTable(kind: string): Entry[] {
  const path = join(folder, `expected/${kind}.jsonl`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Inputs `from` and so many more, the same for the same seed. */
export function makeInputs(comparison: Comparison, from: number, count: number): Uint8Array[] {
  const { kind, generate, dictionary = [] } = comparison;
  const kept = readCorpus(kind).map(({ input }) => input);
  const seeds = [...comparison.seeds.map(toBytes), ...kept];
  const words = dictionary.map(toBytes);
  const made = Array.from({ length: count }, (_, index) => {
    const random = randomOf(kind, from + index);
    const isNew = generate !== undefined && oneIn(random, 2);
    const base = isNew ? toBytes(generate(random)) : pick(random, seeds);
    const input = isNew && oneIn(random, 2) ? base : mutate(random, base, seeds, words);
    return comparison.isBinary === true ? input : toBytes(Buffer.from(input).toString());
  });
  return from === 0 ? [...seeds, ...made].slice(0, count) : made;
}

/** What the Go program says of inputs. */
export async function askGo(kind: string, inputs: readonly Uint8Array[]): Promise<Entry[]> {
  const program = (await Bun.$`sh ${folder}/go/build.sh`.text()).trim();
  const lines = inputs.map((input) => `${JSON.stringify({ kind, input: input.toBase64() })}\n`);
  const said = await Bun.$`${program} < ${Buffer.from(lines.join(""))}`.text();
  const answers = said.trimEnd().split("\n");
  return inputs.map((input, index) => ({ input: input.toBase64(), ...JSON.parse(answers[index] ?? "{}") }));
}

interface Difference {
  /** The same for differences that look alike. */
  readonly kind: string;
  readonly text: string;
}

function describeDifference(comparison: Comparison, entry: Entry): Difference | undefined {
  const { kind } = comparison;
  const input = Uint8Array.fromBase64(entry.input);
  const theirs: Answer = entry.error === undefined ? { value: entry.value } : { error: entry.error };
  const ours = answerOf(comparison, input);
  const { isSame = Bun.deepEquals } = comparison;
  const areErrors = ours.error !== undefined && theirs.error !== undefined;
  const areValues = ours.error === undefined && theirs.error === undefined;
  const text = Buffer.from(input).toString();
  if (areErrors || (areValues && isSame(ours.value, theirs.value))) return undefined;
  if (comparison.differs?.(text, { ours, theirs }) === true) return undefined;
  const path = writeInput(kind, "failed", input);
  const shape = [ours, theirs].map(({ error }) =>
    error === undefined ? "fine" : outline(new Error(error.replace(/".*/s, ""))),
  );
  return {
    kind: shape.join(),
    text: `${kind} ${JSON.stringify(text)}: we say ${JSON.stringify(ours)}, Go says ${JSON.stringify(theirs)}; seed ${seed}, kept in ${path}`,
  };
}

function answerOf({ ours }: Comparison, input: Uint8Array): Answer {
  try {
    return { value: ours(input) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function toBytes(input: string | Uint8Array): Uint8Array {
  return typeof input === "string" ? Uint8Array.from(Buffer.from(input)) : input;
}
