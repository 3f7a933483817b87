import { expect, test } from "bun:test";
import { history } from "../../src/cli/history.ts";
import { parseInput } from "../../src/cli/parse.ts";
import { openTerminal } from "../../src/cli/terminal.ts";

async function refusal(...words: readonly string[]): Promise<string> {
  const terminal = openTerminal("/", { BUILDKIT_HOST: "unix:///nowhere" });
  const failure = await Promise.resolve(history.run(parseInput(history, words), terminal)).catch(
    (error: unknown) => error,
  );
  return failure instanceof Error ? failure.message : String(failure);
}

test("an action that is not known is answered with the nearest one", async () => {
  expect(await refusal("log")).toBe('history: unknown action "log" (did you mean "logs"?)');
  expect(await refusal("constructor")).toBe('history: unknown action "constructor"');
});

test("flags belong to their actions", async () => {
  expect(await refusal("logs", "--limit", "3")).toBe("history: --limit is not a flag of logs");
  expect(await refusal("rm", "--filter", "status=error")).toBe("history: --filter is not a flag of rm");
  expect(await refusal("--all")).toBe("history: --all is not a flag of ls");
});

test("builds are given where they belong", async () => {
  expect(await refusal("ls", "abc")).toBe('history: unexpected argument "abc"');
  expect(await refusal("logs", "abc", "def")).toBe('history: unexpected argument "def"');
  expect(await refusal("rm")).toBe("history: rm takes either builds or --all");
  expect(await refusal("rm", "abc", "--all")).toBe("history: rm takes either builds or --all");
});

test("values are checked before a daemon is asked", async () => {
  expect(await refusal("ls", "--limit", "0")).toBe('--limit: "0" is not a number above 0');
  expect(await refusal("ls", "--filter", "status=bad")).toStartWith('--filter: "status=bad" names no status');
  expect(await refusal("ls")).toBe("cannot connect to unix:///nowhere: there is no such socket");
});
