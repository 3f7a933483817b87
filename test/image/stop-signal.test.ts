import { expect, test } from "bun:test";
import { parseStopSignal } from "../../src/image/stop-signal.ts";
import { failureOf } from "./failure.ts";

test.each(["SIGTERM", "term", "SIGRTMIN+3", "RTMAX-1", "9"])("%s is a signal", (text) => {
  expect(parseStopSignal(text)).toBe(text);
});

test("a number is a signal", () => {
  expect(parseStopSignal(15)).toBe("15");
});

test.each(["", "SIGNOPE", "0", "65", "-1", "SIGRTMIN+99"])("%p is not", (text) => {
  expect(failureOf(() => parseStopSignal(text)).message).toContain("is not a signal");
});

test("a near miss gets a guess", () => {
  expect(failureOf(() => parseStopSignal("SIGTREM")).message).toContain('did you mean "SIGTERM"?');
});
