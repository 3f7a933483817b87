import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { StatusResponse } from "../../src/gen/control.ts";
import type { ProgressOutput } from "../../src/progress/output.ts";
import type { Outcome } from "../../src/progress/progress.ts";
import { expectGolden } from "../golden/golden.ts";
import { log, message, status, vertex, warning } from "./messages.ts";
import { openProgress } from "./open-progress.ts";
import { readRecording, recordingNames, replay, TestClock } from "./replay.ts";

class TextOutput implements ProgressOutput {
  readonly isTerminal = false;
  readonly color = false;
  text = "";
  writes = 0;

  write(text: string): void {
    this.text += text;
    this.writes++;
  }

  columns(): number {
    return 80;
  }

  rows(): number {
    return 24;
  }
}

const ends: Readonly<Record<string, Outcome>> = { failing: { result: "failed" }, interrupted: { result: "canceled" } };

function plainOf(
  messages: readonly StatusResponse[],
  outcome: Outcome,
  variables: Readonly<Record<string, string>> = {},
): string {
  const output = new TextOutput();
  const { progress, clock } = replay(messages, { mode: "plain", output, variables });
  clock.advance(100);
  progress.end(outcome);
  expect(clock.idle).toBe(true);
  return output.text;
}

test.each(recordingNames())("%s reads as it should", async (name) => {
  await expectGolden(`progress/plain-${name}.txt`, plainOf(readRecording(name), ends[name] ?? { result: "done" }));
});

/**
 * What plain progress says of each vertex, by name: its log lines and how it ended last. Which vertex comes when, and which
 * steps of a transfer are printed, depends on the time at which messages come.
 */
function sayings(text: string): Record<string, { readonly log: readonly string[]; readonly result: string }> {
  const names = new Map<string, string>();
  const said: Record<string, { log: string[]; result: string }> = {};
  for (const [, number = "", line = ""] of text.matchAll(/^#(\d+) (.*)$/gm)) {
    const name = names.get(number) ?? line;
    names.set(number, name);
    said[name] ??= { log: [], result: "" };
    if (/^\d+\.\d+ /.test(line)) said[name].log.push(line);
    if (/^(DONE|CACHED|CANCELED|ERROR)/.test(line)) said[name].result = line;
  }
  return said;
}

const stock = join(import.meta.dir, "recordings", "stock");

test.each(readdirSync(stock))("of %s it says the same as BuildKit's own client", (file) => {
  const name = basename(file, ".txt");
  const ours = plainOf(readRecording(name), ends[name] ?? { result: "done" });
  expect(sayings(ours)).toEqual(sayings(readFileSync(join(stock, file), "utf8")));
});

test.each(["failing", "parallel", "cached"])("%s is folded in GitHub Actions", async (name) => {
  const text = plainOf(readRecording(name), ends[name] ?? { result: "done" }, { GITHUB_ACTIONS: "true" });
  await expectGolden(`progress/actions-${name}.txt`, text);
  const marks = text.split("\n").filter((line) => /^::(group|endgroup)::/.test(line));
  expect(marks.every((line, index) => line.startsWith(index % 2 === 0 ? "::group::" : "::endgroup::"))).toBe(true);
  expect(marks.length % 2).toBe(0);
});

/** Plain progress whose time is told by the test. */
function open(variables: Readonly<Record<string, string>> = {}) {
  const output = new TextOutput();
  const clock = new TestClock();
  const progress = openProgress("plain", output, { variables, now: clock.now, schedule: clock.schedule });
  const play = (...messages: StatusResponse[]) => {
    for (const item of messages) progress.update(item);
  };
  return { output, clock, progress, play };
}

test("messages are gathered for 100 ms", () => {
  const { output, clock, play } = open();
  play(vertex("a", 0), log("a", 0.01, "one\n"));
  clock.advance(99);
  expect(output.writes).toBe(0);
  play(log("a", 0.09, "two\n"));
  clock.advance(1);
  expect(output.text).toBe("#1 a\n#1 0.010 one\n#1 0.090 two\n");
  expect(output.writes).toBe(1);
  expect(clock.idle).toBe(true);
});

test("a vertex keeps its turn for five seconds, then one that waits has it", () => {
  const { output, clock, play } = open();
  play(vertex("a", 0), vertex("b", 0), log("a", 0, "a0\n"), log("b", 0, "b0\n"));
  clock.advance(100);
  for (let second = 1; second <= 6; second++) {
    play(log("a", second, `a${second}\n`));
    clock.advance(1000);
  }
  expect(output.text).toBe(
    "#1 a\n#1 0.000 a0\n#1 1.000 a1\n#1 2.000 a2\n#1 3.000 a3\n#1 4.000 a4\n#1 5.000 a5\n#1 ...\n\n#2 b\n#2 0.000 b0\n",
  );
});

test("one that has ended is printed at once, and so is one with much to say", () => {
  const { output, clock, play } = open();
  play(vertex("a", 0), log("a", 0, "a0\n"));
  clock.advance(100);
  play(vertex("b", 0), vertex("c", 0), vertex("b", 0, 0.2));
  clock.advance(100);
  expect(output.text).toEndWith("#1 ...\n\n#2 b\n#2 DONE 0.2s\n\n#3 c\n");
  play(log("a", 0.3, "x".repeat(70_000)), log("a", 0.3, "\n"));
  clock.advance(100);
  expect(output.text).toContain("#3 ...\n\n#1 a\n#1 0.300 xxxx");
});

test("a log of any size is not kept: what waits is bounded", () => {
  const { output, play } = open();
  const line = `${"x".repeat(99)}\n`.repeat(100);
  play(vertex("a", 0), vertex("b", 0));
  for (let index = 0; index < 1000; index++) play(log(index % 2 === 0 ? "a" : "b", 1, line));
  // Without the clock going on at all, all but the last 64 KiB of each has been written.
  expect(output.text.length).toBeGreaterThan(1000 * line.length - 2 * 80_000);
});

test("statuses are printed at 5 % or after 5 s, and when they are done", () => {
  const { output, clock, play } = open();
  play(vertex("a", 0));
  const at = (current: number, now: number, completed?: number) => {
    play(status("a", "part", 0, { current, total: 1_000_000, now, ...(completed === undefined ? {} : { completed }) }));
    clock.advance(100);
  };
  at(0, 0);
  at(40_000, 0.2);
  at(60_000, 0.3);
  at(70_000, 4);
  at(80_000, 5.4);
  at(1_000_000, 6, 6);
  expect(output.text).toBe(
    [
      "#1 a",
      "#1 part 0B / 1.00MB",
      "#1 part 60.00kB / 1.00MB 0.3s",
      "#1 part 80.00kB / 1.00MB 5.4s",
      "#1 part 1.00MB / 1.00MB 6.0s done",
      "",
    ].join("\n"),
  );
});

test("an unfinished line is shown when it waits for long, or when its step ends", () => {
  const { output, clock, play } = open();
  play(vertex("a", 0), log("a", 0, "password: "));
  clock.advance(4900);
  expect(output.text).toBe("#1 a\n");
  clock.advance(300);
  expect(output.text).toBe("#1 a\n#1 0.000 password: \n");
  play(log("a", 6, "\r50%"), log("a", 6, "\r100%"), vertex("a", 0, 7));
  clock.advance(100);
  expect(output.text).toEndWith("#1 6.000 100%\n#1 DONE 7.0s\n");
});

test("an unfinished line that comes behind the end of its step is shown", () => {
  const { output, clock, play, progress } = open();
  play(vertex("a", 0), log("a", 0, "xx"), vertex("a", 0, 1));
  clock.advance(100);
  expect(output.text).toBe("#1 a\n#1 0.000 xx\n#1 DONE 1.0s\n");
  play(log("a", 1, "yy"), log("a", 1, "zz"));
  clock.advance(100);
  progress.end({ result: "done" });
  expect(output.text).toContain("\n#1 a\n#1 1.000 yyzz\n#1 DONE 1.0s\n");
});

test("stdout and stderr are cut into lines by themselves", () => {
  const { output, clock, play } = open();
  play(vertex("a", 0), log("a", 0, "out ", 1), log("a", 0, "error\n", 2), log("a", 0, "put\n", 1));
  clock.advance(100);
  expect(output.text).toBe("#1 a\n#1 0.000 error\n#1 0.000 out put\n");
});

test("errors, names and warnings stay on their line", () => {
  const { output, clock, play } = open();
  play(
    vertex("RUN <<EOF\necho\nEOF", 0),
    warning("RUN <<EOF\necho\nEOF", "beware\u001b[2J\nof this"),
    vertex("RUN <<EOF\necho\nEOF", 0, 1, { error: 'process "a\nb" failed' }),
  );
  clock.advance(100);
  expect(output.text).toBe('#1 RUN <<EOF echo EOF\n#1 WARN: beware of this\n#1 ERROR: process "a b" failed\n');
});

test("a message that says nothing new is no reason to print", () => {
  const { output, clock, play } = open();
  play(vertex("a"), vertex("a", 0, 1, { cached: true }));
  clock.advance(100);
  const before = output.text;
  play(vertex("a"), vertex("a", 0, 1, { cached: true }), message({}));
  clock.advance(100);
  expect(output.text).toBe(before);
});

test("notices are #0", () => {
  const { output, clock, progress, play } = open();
  progress.notice("connected to unix:///run/buildkitd.sock");
  play(vertex("a", 0), log("a", 0, "one\n"));
  clock.advance(100);
  progress.notice("one\ntwo");
  play(log("a", 1, "two\n"));
  clock.advance(100);
  expect(output.text).toBe(
    "#0 connected to unix:///run/buildkitd.sock\n\n#1 a\n#1 0.000 one\n#1 ...\n\n#0 one\n#0 two\n\n#1 a\n#1 1.000 two\n",
  );
});

test("notices after each other are no sections of their own", () => {
  const { output, progress } = open();
  for (const text of ["one", "two\nlines", "three"]) progress.notice(text);
  expect(output.text).toBe("#0 one\n#0 two\n#0 lines\n#0 three\n");
});

test("colours of logs are kept, unless NO_COLOR is set", () => {
  const red = "\u001b[31mred\u001b[0m\u001b[2J\n";
  const textOf = (variables: Readonly<Record<string, string>>) => {
    const { output, clock, play } = open(variables);
    play(vertex("a", 0), log("a", 0, red));
    clock.advance(100);
    return output.text;
  };
  expect(textOf({})).toBe("#1 a\n#1 0.000 \u001b[31mred\u001b[0m\n");
  expect(textOf({ NO_COLOR: "1" })).toBe("#1 a\n#1 0.000 red\n");
});

test("PROGRESS_NO_TRUNC=0 makes names short", () => {
  const { output, clock, play } = open({ PROGRESS_NO_TRUNC: "0" });
  play(vertex("x".repeat(100), 0));
  clock.advance(100);
  expect(output.text).toBe(`#1 ${"x".repeat(72)}...\n`);
});

test("in GitHub Actions neither logs nor names are commands of the runner", () => {
  const { output, clock, play } = open({ GITHUB_ACTIONS: "true" });
  play(
    vertex("50%0A::error::name ##[group]x", 0),
    log("50%0A::error::name ##[group]x", 0, "::error::a\n##[add-path]b\n"),
  );
  clock.advance(100);
  expect(output.text).toBe(
    "::group::#1 50%250A::error::name # #[group]x\n#1 0.000 ::error::a\n#1 0.000 # #[add-path]b\n",
  );
});

test("statuses of a vertex that never starts are told too", () => {
  const { output, progress, play } = open();
  play(vertex("a", 0), vertex("cache"), status("cache", "importing", 0));
  progress.end({ result: "canceled" });
  expect(output.text).toBe("#1 a\n#1 CANCELED\n\n#2 cache\n#2 importing\n#2 ...\n");
});

test("what still runs at the end is told", () => {
  const { output, progress, play } = open();
  play(vertex("a", 0), log("a", 0, "half a line"));
  progress.end({ result: "canceled" });
  expect(output.text).toBe("#1 a\n#1 0.000 half a line\n#1 CANCELED\n");
});

test("what is known is printed when no more messages come, and once", () => {
  const { output, clock, progress, play } = open();
  play(vertex("a", 0, 1));
  expect(output.text).toBe("");
  progress.settle();
  const settled = output.text;
  expect(settled).toBe("#1 a\n#1 DONE 1.0s\n");
  clock.advance(200);
  progress.settle();
  expect(output.text).toBe(settled);
});
