import { expect, setDefaultTimeout, test } from "bun:test";
import { effort, tell } from "../effort.ts";
import { Choice } from "./choice.ts";
import { confusedScript } from "./confused-script.ts";
import { ExaminePool } from "./examine-pool.ts";
import { describeFailures, inLanes } from "./lanes.ts";
import { shrink } from "./shrink.ts";
import { validScript } from "./valid-script.ts";

setDefaultTimeout(24 * 3_600_000);

/** One in so many scripts has up to 200 calls, and one in so many is formatted too. */
const large = 10;
const formatted = 4;

const kinds = {
  valid: (choice: Choice, index: number) =>
    validScript(choice, { calls: index % large === large - 1 ? 200 : 30, odd: 3, remote: 5 }),
  confused: (choice: Choice) => confusedScript(choice),
};

test.each(["valid", "confused"] as const)(
  "%s scripts end in a right Definition or in one error at a line",
  async (kind) => {
    await using pool = new ExaminePool(2);
    const [scripts, counts] = [effort(5, 2000), { definition: 0, error: 0, problem: 0 }];
    let [ops, refused] = [0, 0];
    const failures = await inLanes(2, scripts, async (index) => {
      const script = kinds[kind](new Choice(kind, index), index);
      const question = { script, format: index % formatted === 0 };
      const { outcome, problems, said, ops: made } = await pool.examine(question);
      counts[outcome]++;
      ops += made;
      refused += said.filter((line) => line.startsWith("E ")).length;
      if (problems.length === 0) return undefined;
      const [first = ""] = problems;
      const isSame = async (fewer: string) => {
        const { problems: left } = await pool.examine({ script: fewer, format: question.format });
        return left.some((problem) => problem.slice(0, 40) === first.slice(0, 40));
      };
      return { kind, index, problems, script: await shrink(script, isSame) };
    });
    const { definition, error, problem } = counts;
    tell(`script: ${kind}`, {
      scripts,
      built: definition,
      failed: error,
      ops,
      "calls refused": refused,
      failures: problem,
    });
    expect(describeFailures(failures)).toBe("");
    expect(ops).toBeGreaterThan(scripts);
    expect(refused).toBeGreaterThan(scripts);
  },
);
