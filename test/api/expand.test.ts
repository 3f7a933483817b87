import { expect, test } from "bun:test";
import { errorOf, evaluate } from "./evaluate.ts";

const script = (call: string) => `assert(${call})\nbk.export(bk.scratch())`;

test.each([
  'bk.expand("$A-${B:-none}", {A = 1}) == "1-none"',
  'bk.expand("${A##*/}", {A = "a/b/c"}) == "c"',
  'bk.expand("\'$A\'") == "$A"',
])("%s", (call) => expect(evaluate(script(call)).targets).toHaveLength(1));

test("what a variable must be is an error at the script's line", () => {
  const { message, position } = errorOf(script('bk.expand("${A:?give an A}")'));
  expect(message).toContain("A: give an A");
  expect(position?.line).toBe(1);
});
