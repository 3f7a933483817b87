import { test } from "bun:test";
import { effort, randomOf, seed, tell } from "../../effort.ts";
import { oneIn, pick, type Random } from "./choose.ts";
import { readCorpus, writeInput } from "./corpus.ts";
import { minimise } from "./minimise.ts";
import { mutate } from "./mutate.ts";
import { outline } from "./tolerate.ts";
import { openWatchdog, type Watchdog } from "./watchdog.ts";

/** Something that takes bytes from outside. */
export interface Target {
  /** Also the name of its folder of kept inputs. */
  readonly kind: string;
  /** Inputs that are as they should be, to start from. */
  readonly seeds: readonly (Uint8Array | string)[];
  /** Words that mean something in them. */
  readonly dictionary?: readonly (Uint8Array | string)[];
  /** Makes an input that nothing is changed in. */
  readonly generate?: (random: Random) => Uint8Array | string;
  /** Throws when there is a bug. What it gives tells kinds of outcomes apart: inputs with a new one are built upon. */
  readonly run: (input: Uint8Array) => string | Promise<string>;
  /** How many inputs the short form has; 500. */
  readonly short?: number;
}

export interface Failure {
  readonly index: number | string;
  readonly error: unknown;
  readonly input: Uint8Array;
  readonly path: string;
}

export interface Amount {
  readonly inputs: number;
  readonly milliseconds: number;
  /** Milliseconds that one may take. Default: a second. */
  readonly patience?: number;
}

/** Milliseconds of one kind in the long form. */
const longTime = 600_000;
/** Bytes that the process may grow by in all. */
const mostMemory = 1.5 * 2 ** 30;
/** Failures of different kinds after which it is enough. */
const mostFailures = 10;

/** Tries a target in a test of its own: so many inputs, or in the long form for a time. */
export function fuzz(target: Target): void {
  const amount = { inputs: target.short ?? 500, milliseconds: effort(0, longTime) };
  test(
    `fuzz ${target.kind}`,
    async () => {
      const { inputs, failures } = await tryTarget(target, amount);
      tell(`fuzz: ${target.kind}`, { inputs, failures: failures.length });
      if (failures.length > 0) throw new Error(failures.map((each) => describeFailure(target.kind, each)).join("\n"));
    },
    amount.milliseconds * 2 + 120_000,
  );
}

function describeFailure(kind: string, { index, error, input, path }: Failure): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const shown = JSON.stringify(Buffer.from(input.subarray(0, 200)).toString("latin1"));
  return `fuzz ${kind}: input ${index} of seed ${seed}, kept in ${path}: ${shown}\n${text}`;
}

/** Runs kept inputs, then new ones. Each kind of failure is reported once, with a small input. */
export async function tryTarget(target: Target, amount: Amount): Promise<{ inputs: number; failures: Failure[] }> {
  const watchdog = openWatchdog(target.kind);
  const trial = new Trial(target, watchdog, amount.patience ?? 1000);
  try {
    for (const { name, input } of readCorpus(target.kind)) await trial.one(name, input);
    const end = performance.now() + amount.milliseconds;
    let index = 0;
    for (; (index < amount.inputs || performance.now() < end) && trial.failures.length < mostFailures; index++) {
      await trial.one(index, trial.make(randomOf(target.kind, index)));
      // Promises alone would keep everything else from having its turn.
      if (index % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return { inputs: index, failures: trial.failures };
  } finally {
    watchdog.close();
  }
}

class Trial {
  readonly failures: Failure[] = [];
  readonly #target: Target;
  readonly #watchdog: Watchdog;
  readonly #dictionary: readonly Uint8Array[];
  /** What was made up, and what led to something new. */
  readonly #pool: Uint8Array[];
  readonly #outcomes = new Set<string>();
  readonly #memory = process.memoryUsage.rss();
  readonly #patience: number;
  #count = 0;

  constructor(target: Target, watchdog: Watchdog, patience: number) {
    this.#patience = patience;
    this.#target = target;
    this.#watchdog = watchdog;
    this.#dictionary = (target.dictionary ?? []).map(toBytes);
    this.#pool = target.seeds.map(toBytes);
  }

  make(random: Random): Uint8Array {
    const { generate } = this.#target;
    const isNew = generate !== undefined && (this.#pool.length === 0 || oneIn(random, 2));
    const base = isNew ? toBytes(generate(random)) : pick(random, this.#pool);
    return isNew && oneIn(random, 2) ? base : mutate(random, base, this.#pool, this.#dictionary);
  }

  async one(index: number | string, input: Uint8Array): Promise<void> {
    this.#watchdog.begin(input);
    try {
      const outcome = await this.#run(input);
      if (!this.#outcomes.has(outcome)) this.#keep(outcome, input);
    } catch (error) {
      await this.#fail(index, input, error);
    }
  }

  #keep(outcome: string, input: Uint8Array): void {
    if (this.#outcomes.size > 2000 || input.length > 65_536) return;
    this.#outcomes.add(outcome);
    this.#pool.push(input);
    if (process.env.LUAKIT_FUZZ_KEEP !== undefined) writeInput(this.#target.kind, "led-far", input);
  }

  async #run(input: Uint8Array): Promise<string> {
    const outcome = await this.#timed(input);
    if (++this.#count % 256 === 0 && process.memoryUsage.rss() - this.#memory > mostMemory) {
      Bun.gc(true);
      if (process.memoryUsage.rss() - this.#memory > mostMemory) throw new Error("too much memory");
    }
    return outcome;
  }

  /** On a busy machine anything can take a second, but not twice. */
  async #timed(input: Uint8Array): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const start = performance.now();
      const outcome = this.#target.run(input);
      const text = typeof outcome === "string" ? outcome : await outcome;
      if (performance.now() - start < this.#patience) return text;
      if (attempt === 3) throw new Error(`it takes more than ${this.#patience} ms`);
    }
  }

  async #fail(index: number | string, input: Uint8Array, error: unknown): Promise<void> {
    const name = outline(error);
    if (this.failures.some((each) => outline(each.error) === name)) return;
    const failsAlike = async (shorter: Uint8Array) => {
      this.#watchdog.begin(shorter);
      return this.#timed(shorter).then(
        () => false,
        (other) => outline(other) === name,
      );
    };
    const small = await minimise(input, failsAlike);
    this.failures.push({ index, error, input: small, path: writeInput(this.#target.kind, "failed", small) });
  }
}

function toBytes(input: Uint8Array | string): Uint8Array {
  return typeof input === "string" ? Uint8Array.from(Buffer.from(input)) : input;
}
