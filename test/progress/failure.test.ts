import { expect, test } from "bun:test";
import { failureLog, formatFailures } from "../../src/progress/failure.ts";
import { chooseStyle } from "../../src/progress/style.ts";
import { Trace } from "../../src/progress/trace.ts";
import { log, vertex } from "./messages.ts";
import { readRecording } from "./replay.ts";

function traceOf(...messages: ReturnType<typeof vertex>[]): Trace {
  const trace = new Trace(() => 0);
  for (const item of messages) trace.apply(item, "daemon");
  return trace;
}

const style = chooseStyle(false, {});
const failed = { error: "exit code: 1" };

test("the last lines of a failed step, with the time since it began", () => {
  const trace = traceOf(...readRecording("failing"));
  const step = trace.started.find(({ state }) => state === "error");
  if (step === undefined) throw new Error("nothing failed");
  const { name, error, lines } = failureLog(step, 2);
  expect(name).toBe("compile the program");
  expect(error).toEndWith("exit code: 3");
  expect(lines.map(({ text }) => text.split(" ").slice(0, 2).join(" "))).toEqual(["line 15", "broken"]);
  expect(lines.map(({ time }) => Math.round(time))).toEqual([90, 493]);
});

test("failed steps are framed, canceled ones are not shown", () => {
  const trace = traceOf(
    vertex("RUN a\n b", 0),
    log("RUN a\n b", 0.5, "one\n\u001b[31mtwo\u001b[0m\n"),
    vertex("RUN a\n b", 0, 1, failed),
    vertex("other", 0, 1, { error: "context canceled" }),
    vertex("silent", 0, 1, failed),
  );
  expect(formatFailures(trace, 10, style)).toEqual([
    "------",
    " > RUN a b:",
    "0.500 one",
    "0.500 two",
    "------",
    "------",
    " > silent:",
    "------",
  ]);
});

test("many failures are not all shown", () => {
  const trace = traceOf(...Array.from({ length: 20 }, (_, index) => vertex(`step ${index}`, 0, 1, failed)));
  expect(formatFailures(trace, 10, style).filter((line) => line.startsWith(" > "))).toHaveLength(3);
});
