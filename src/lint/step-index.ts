import type { Step } from "./step.ts";

const none: readonly Step[] = [];

/** The steps of a script by the programs that they run: most rules are about few, which most scripts have none of. */
export class StepIndex {
  private readonly steps: readonly Step[];
  private known: ReadonlyMap<string, readonly Step[]> | undefined;

  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  /** The steps with a program of such a name, in their order. */
  running(isMeant: (name: string) => boolean): readonly Step[] {
    this.known ??= byProgram(this.steps);
    const names: string[] = [];
    for (const name of this.known.keys()) if (isMeant(name)) names.push(name);
    const [first] = names;
    if (first === undefined) return none;
    if (names.length === 1) return this.known.get(first) ?? none;
    return this.steps.filter(({ programs }) => programs.some(({ name }) => names.includes(name)));
  }
}

function byProgram(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const known = new Map<string, Step[]>();
  for (const step of steps) {
    for (const { name } of step.programs) {
      const list = known.get(name);
      if (list === undefined) known.set(name, [step]);
      else if (list.at(-1) !== step) list.push(step);
    }
  }
  return known;
}
