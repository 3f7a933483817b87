import { randomOf } from "../effort.ts";
import type { Work } from "./builds.ts";
import type { Random } from "./frame-faults.ts";
import { judge } from "./judge.ts";
import { asIs, openFaultProxy, type Passed } from "./line.ts";
import { runWork } from "./run-work.ts";

/** A work without a fault: what it gives, and what it takes. */
export interface Model {
  readonly work: Work;
  readonly outcome: string;
  readonly passed: Passed;
  readonly milliseconds: number;
}

/** Runs each work of a daemon once, when it is first asked for. */
export function openModels(addr: string): (work: Work) => Promise<Model> {
  const models = new Map<string, Promise<Model>>();
  return (work) => {
    const model = models.get(work.name) ?? makeModel(work, addr);
    models.set(work.name, model);
    return model;
  };
}

async function makeModel(work: Work, addr: string): Promise<Model> {
  using proxy = await openFaultProxy(addr, asIs);
  // The first one fills the daemon's cache.
  await runWork(work, { addr, random: randomOf(work.name, 0) });
  const end = await runWork(work, { addr: proxy.addr, random: randomOf(work.name, 0) });
  const wrong = judge(work, end, { statuses: [0], outcome: end.outcome });
  if (wrong.length > 0) throw new Error(`${work.name} fails without a fault: ${wrong}\n${end.stderr}`);
  const passed = proxy.passed()[0] ?? { up: 0, down: 0 };
  return { work, outcome: end.outcome, passed, milliseconds: end.milliseconds };
}

export function pick<T>(items: readonly T[], random: Random): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** The same work with another progress. */
export function showing(work: Work, mode: string): Work {
  return { ...work, command: work.command.map((word) => (word === "--progress=plain" ? `--progress=${mode}` : word)) };
}
