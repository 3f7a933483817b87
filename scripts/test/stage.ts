import { say } from "../say.ts";

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What became of some tests. */
export interface Outcome {
  readonly count: Count;
  /** Seconds that the tests and the programs that they ran kept processors busy; daemons are not in it. */
  readonly busy: number;
  /** One line for each test that failed. */
  readonly failures: readonly string[];
}

/** Tests that run in one go. */
export interface Stage {
  readonly name: string;
  readonly what: string;
  /** What two stages may not use at the same time, such as a daemon on which both build the same steps. */
  readonly alone?: string;
  readonly run: () => Promise<Outcome>;
}

export interface StageResult extends Outcome {
  readonly name: string;
  /** From the first to the last test. */
  readonly seconds: number;
}

/** Runs a stage, and says what it does and how long it took. What it throws is one failure. */
export async function runStage({ name, what, run }: Stage): Promise<StageResult> {
  say(what);
  const start = performance.now();
  const outcome = await run().catch((error: unknown) => broken(what, error));
  const seconds = (performance.now() - start) / 1000;
  say(`${what}: took ${seconds.toFixed(0)} s`);
  return { name, seconds, ...outcome };
}

function broken(what: string, error: unknown): Outcome {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`(fail) ${what}: ${message}`);
  return { count: { passed: 0, failed: 1, skipped: 0 }, busy: 0, failures: [`${what}: ${message.split("\n")[0]}`] };
}

/**
 * Runs stages beside each other, `lanes` of them at a time. What is first in the list starts first: the longest should be
 * there, so that no lane is left with it at the end.
 */
export async function runBeside(stages: readonly Stage[], lanes: number): Promise<StageResult[]> {
  const waiting = [...stages];
  const results: StageResult[] = [];
  const running = new Map<Stage, Promise<void>>();
  const start = (stage: Stage) => {
    waiting.splice(waiting.indexOf(stage), 1);
    const work = runStage(stage).then((result) => {
      results.push(result);
      running.delete(stage);
    });
    running.set(stage, work);
  };
  while (waiting.length + running.size > 0) {
    const used = new Set([...running.keys()].map(({ alone }) => alone));
    const next = waiting.find(({ alone }) => alone === undefined || !used.has(alone));
    if (next !== undefined && running.size < lanes) start(next);
    else await Promise.race(running.values());
  }
  return results;
}
