import { expect, test } from "bun:test";
import type { Progress } from "../../src/progress/progress.ts";
import { log, vertex } from "./messages.ts";
import { openProgress } from "./open-progress.ts";
import { readRecording, replay, TestClock } from "./replay.ts";
import { TestTerminal } from "./terminal.ts";

function open(columns = 60, rows = 20): { terminal: TestTerminal; clock: TestClock; progress: Progress } {
  const terminal = new TestTerminal(columns, rows);
  const clock = new TestClock();
  const progress = openProgress("tty", terminal, { variables: {}, now: clock.now, schedule: clock.schedule });
  return { terminal, clock, progress };
}

test("ten frames a second at most, however many messages there are; none before there is something to show", () => {
  const { terminal, clock, progress } = open();
  clock.advance(1000);
  expect(terminal.writes).toEqual([]);
  progress.update(vertex("a", 0));
  for (let index = 0; index < 1000; index++) {
    progress.update(log("a", index / 1000, `line ${index}\n`));
    clock.advance(1);
  }
  expect(terminal.writes.length).toBe(10);
});

test("only lines that differ are written again, and the cursor is visible after every write", () => {
  const { terminal, clock, progress } = open();
  progress.update(vertex("done", 0, 1));
  progress.update(vertex("running", 0));
  clock.advance(100);
  expect(terminal.writes[0]).toContain("done");
  clock.advance(100);
  expect(terminal.writes[1]).not.toContain("done");
  expect(terminal.writes[1]).toContain("running");
  for (const text of terminal.writes) expect(text).toEndWith("\u001b[?25h");
  expect(terminal.screen.cursor).toEqual({ row: 3, column: 0, hidden: false });
});

test("a frame that is the same is not written", () => {
  const { terminal, clock, progress } = open();
  progress.update(vertex("done", 0, 1));
  clock.advance(1000);
  // Only the header's time goes on.
  for (const text of terminal.writes.slice(1)) expect(text).not.toContain("done");
  const before = terminal.writes.length;
  clock.advance(1000 * 200);
  const perSecond = (terminal.writes.length - before) / 200;
  expect(perSecond).toBeLessThan(6);
});

test("a frame that gets shorter leaves nothing behind", () => {
  const { terminal, clock, progress } = open();
  progress.update(vertex("a", 0));
  for (let line = 0; line < 6; line++) progress.update(log("a", 0.1, `line ${line}\n`));
  clock.advance(100);
  expect(terminal.screen.text()).toContain("line 5");
  progress.update(vertex("a", 0, 1));
  clock.advance(100);
  expect(terminal.screen.text().split("\n")).toHaveLength(2);
});

test("a notice stands above the frame and stays", () => {
  const { terminal, clock, progress } = open();
  progress.notice("connected to unix:///run/buildkitd.sock");
  progress.update(vertex("a", 0));
  clock.advance(200);
  progress.notice("two lines\nof \u001b[31mnotice");
  clock.advance(200);
  expect(terminal.screen.text()).toBe(
    [
      "connected to unix:///run/buildkitd.sock",
      "two lines",
      "of notice",
      "[+] Building 0.4s (0/1)",
      ` ⠼ a${" ".repeat(51)}0.4s`,
    ].join("\n"),
  );
});

test("a window that changes its size gets a whole frame, and nothing of the one before stays", () => {
  for (const [columns, rows] of [
    [30, 20],
    [45, 12],
    [100, 30],
    [59, 20],
  ] as const) {
    const { terminal, clock, progress } = open(60, 20);
    progress.notice("above");
    progress.update(vertex("a step with a name that is long enough to be cut somewhere", 0));
    progress.update(vertex("b", 0));
    clock.advance(300);
    terminal.screen.resize(columns, rows);
    clock.advance(100);
    const lines = terminal.screen.text().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("above");
    expect(lines[1]).toBe("[+] Building 0.4s (0/2)");
    expect(lines[3]).toEndWith(" 0.4s");
  }
});

test("frames are left out while the terminal takes nothing", () => {
  const { terminal, clock, progress } = open();
  progress.update(vertex("a", 0));
  clock.advance(100);
  terminal.isReady = false;
  clock.advance(5000);
  expect(terminal.writes).toHaveLength(1);
  terminal.isReady = true;
  clock.advance(100);
  expect(terminal.writes).toHaveLength(2);
  expect(terminal.screen.text()).toContain("Building 5.2s");
});

test("at the end all vertices stay on the screen, even more than it has rows, and no timer is left", () => {
  const { terminal, clock, progress } = open(60, 8);
  for (let index = 0; index < 30; index++) progress.update(vertex(`step ${index}`, 0, 1));
  clock.advance(500);
  expect(terminal.screen.text().split("\n")).toHaveLength(7);
  progress.end({ result: "done" });
  const lines = terminal.screen.text().split("\n");
  expect(lines[0]).toBe("[+] Building 0.5s (30/30) FINISHED");
  expect(lines.slice(1, 31).every((line, index) => line.startsWith(` ✔ step ${index} `))).toBe(true);
  expect(clock.idle).toBe(true);
  const writes = terminal.writes.length;
  progress.update(vertex("late", 2));
  progress.end({ result: "failed" });
  clock.advance(1000);
  expect(terminal.writes).toHaveLength(writes);
});

test("what still runs when the build is interrupted is canceled", () => {
  const { terminal, progress } = open();
  progress.update(vertex("a", 0));
  progress.end({ result: "canceled" });
  expect(terminal.screen.text()).toBe(
    ["[+] Building 0.0s (0/1) CANCELED", ` ■ a${" ".repeat(40)}CANCELED   0.0s`].join("\n"),
  );
});

test("a build that fails before anything is shown leaves no frame", () => {
  const { terminal, progress } = open();
  progress.end({ result: "failed" });
  expect(terminal.writes).toEqual([]);
});

test("a recording of five seconds is a few kilobytes", () => {
  const terminal = new TestTerminal(80, 24);
  replay(readRecording("parallel"), { mode: "tty", output: terminal }).progress.end({ result: "done" });
  expect(terminal.screen.written).toBeLessThan(40_000);
});

test("colours: what is done, what runs, what failed, logs", () => {
  const terminal = new TestTerminal(60, 20, true);
  const clock = new TestClock();
  const variables = { BUILDKIT_COLORS: "error=magenta" };
  const progress = openProgress("tty", terminal, { variables, now: clock.now, schedule: clock.schedule });
  progress.update(vertex("done", 0, 1));
  progress.update(vertex("wrong", 0, 1, { error: "exit code: 1" }));
  progress.update(vertex("running", 0));
  progress.update(log("running", 0, "a line\n"));
  clock.advance(100);
  const [text = ""] = terminal.writes;
  expect(text).toContain("\u001b[1m[+] Building 0.1s (2/3)\u001b[0m");
  expect(text).toContain(" \u001b[32m✔\u001b[0m done ");
  expect(text).toContain(" \u001b[35m✘\u001b[0m \u001b[35mwrong\u001b[0m ");
  expect(text).toContain("\u001b[35mERROR   1.0s\u001b[0m");
  expect(text).toContain(" \u001b[36m⠙\u001b[0m \u001b[1mrunning\u001b[0m ");
  expect(text).toContain("   \u001b[2m│\u001b[0m \u001b[2ma line\u001b[0m");
});
