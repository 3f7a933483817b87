import { expect, test } from "bun:test";
import { lastLines } from "../../src/progress/log-lines.ts";
import { LogTail } from "../../src/progress/log-tail.ts";

function tailOf(...parts: string[]): LogTail {
  const tail = new LogTail();
  for (const [time, part] of parts.entries()) tail.append(new TextEncoder().encode(part), time);
  return tail;
}

test("the last lines, each with the time at which it began", () => {
  const tail = tailOf("one\ntw", "o\nthree\n", "four\n");
  expect(lastLines(tail, 3, 1000)).toEqual([
    { time: 0, text: "two" },
    { time: 1, text: "three" },
    { time: 2, text: "four" },
  ]);
});

test("blank lines at the end are left out, others stay; the last line needs no newline", () => {
  expect(lastLines(tailOf("a\n\nb\n \n\n"), 9, 1000).map(({ text }) => text)).toEqual(["a", "", "b"]);
  expect(lastLines(tailOf("a\nb"), 9, 1000).map(({ text }) => text)).toEqual(["a", "b"]);
  expect(lastLines(tailOf("\n\n"), 9, 1000)).toEqual([]);
});

test("progress bars and escape sequences are settled", () => {
  expect(lastLines(tailOf("\r10%\r", "99%\r100%\n\u001b[31mred\u001b[0m"), 9, 1000).map(({ text }) => text)).toEqual([
    "100%",
    "red",
  ]);
});

test("only the window is looked at", () => {
  const tail = tailOf(`${"x".repeat(100_000)}\nend\n`);
  expect(lastLines(tail, 2, 10).map(({ text }) => text)).toEqual(["xxxxx", "end"]);
});
