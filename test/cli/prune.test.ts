import { expect, test } from "bun:test";
import { parseInput } from "../../src/cli/parse.ts";
import { prune } from "../../src/cli/prune.ts";
import { openTerminal } from "../../src/cli/terminal.ts";

async function refusal(...words: readonly string[]): Promise<string> {
  const terminal = openTerminal("/", { BUILDKIT_HOST: "unix:///nowhere" });
  try {
    return String(await prune.run(parseInput(prune, words), terminal));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("sizes, durations and filters are checked before a daemon is asked", async () => {
  expect(await refusal("--reserved-space", "20XB")).toBe('--reserved-space: "20XB" is not a size');
  expect(await refusal("--max-used-space", "lots")).toBe('--max-used-space: "lots" is not a size');
  expect(await refusal("--keep-duration", "soon")).toBe('--keep-duration: "soon" is not a duration');
  expect(await refusal("--keep-duration", "-1h")).toBe('--keep-duration: the duration "-1h" is below zero');
  expect(await refusal("--filter", "x=y")).toStartWith('--filter: "x=y" has no known field');
  const good = ["--reserved-space", "20GB", "--keep-duration", "24h", "--filter", "type=regular", "--all"];
  expect(await refusal(...good)).toBe("cannot connect to unix:///nowhere: there is no such socket");
});

test("two names for one thing are not given together", async () => {
  expect(await refusal("--keep-storage", "1GB", "--reserved-space", "1GB")).toContain("mean the same");
  expect(await refusal("--keep-duration", "1h", "--filter", "until=1h")).toContain("mean the same");
});
