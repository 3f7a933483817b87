import { expect, test } from "bun:test";
import type { Step } from "../../src/lint/step.ts";
import { StepIndex } from "../../src/lint/step-index.ts";

/** A step as far as the index looks at it. */
function running(...names: string[]): Step {
  return { programs: names.map((name) => ({ name, args: [] })) } as Partial<Step> as Step;
}

test("steps are found by their programs, in their order and each once", () => {
  const [both, git, other, apt] = [running("git", "apt", "git"), running("git"), running("make"), running("apt")];
  const index = new StepIndex([both, git, other, apt]);
  expect(index.running((name) => name === "git")).toEqual([both, git]);
  expect(index.running((name) => name === "git" || name === "apt")).toEqual([both, git, apt]);
  expect(index.running(() => true)).toEqual([both, git, other, apt]);
  expect(index.running((name) => name === "curl")).toEqual([]);
  expect(new StepIndex([]).running(() => true)).toEqual([]);
});
