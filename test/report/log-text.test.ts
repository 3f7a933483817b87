import { expect, test } from "bun:test";
import { KeptLog } from "../../src/report/kept-log.ts";
import { formatLog } from "../../src/report/log-text.ts";

const same = (text: string) => text;

function logOf(...parts: readonly (readonly [text: string, time: number])[]): KeptLog {
  const log = new KeptLog();
  for (const [text, time] of parts) log.append(new TextEncoder().encode(text), time);
  return log;
}

test("lines, and when they came since the step began", () => {
  const log = logOf(["one\ntwo\n", 1000], ["three\nfour", 1500]);
  expect(formatLog(log, 900, same)).toEqual({ text: "one\ntwo\nthree\nfour", times: [0, 100, 2, 600] });
});

test("nothing is left that drives a terminal, but colours, which are taken up in the next line", () => {
  const log = logOf(["10%\r\u001b[2K100%\n\u001b]0;title\u0007\u001b[31mred\nstill\u001b[0m\u0000\n", 0]);
  expect(formatLog(log, 0, same).text).toBe("100%\n\u001b[31mred\u001b[0m\n\u001b[31mstill\u001b[0m");
});

test("every line goes through what cleans it", () => {
  expect(formatLog(logOf(["a secret\n", 0]), 0, (text) => text.replace("secret", "***")).text).toBe("a ***");
});

test("a gap says where it is, and the line that it cuts is not shown", () => {
  const log = new KeptLog();
  const line = (number: number) => `line ${String(number).padStart(6, "0")} ${"x".repeat(20)}\n`;
  for (let number = 0; number < 20_000; number++) log.append(new TextEncoder().encode(line(number)), number);
  log.trim(128 * 1024);
  const { text, gap } = formatLog(log, 0, same);
  const lines = text.split("\n");
  expect(gap?.bytes).toBe(log.dropped);
  expect(lines[0]).toBe(line(0).trimEnd());
  expect(lines[gap?.line ?? 0]).toMatch(/^line \d{6} x{20}$/);
  expect(lines.at(-1)).toBe(line(19_999).trimEnd());
});
