import { expect, test } from "bun:test";
import { LineBuffer } from "../../src/progress/line-buffer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("only whole lines come out, with the time at which they began", () => {
  const buffer = new LineBuffer("strip");
  expect(buffer.push(bytes("one\ntw"), 1)).toEqual([{ time: 1, text: "one" }]);
  expect(buffer.push(bytes("o"), 2)).toEqual([]);
  expect(buffer.push(bytes("\nthree\nfour\n"), 3)).toEqual([
    { time: 1, text: "two" },
    { time: 3, text: "three" },
    { time: 3, text: "four" },
  ]);
  expect(buffer.isEmpty()).toBe(true);
});

test("harmless lines stay together", () => {
  expect(new LineBuffer("strip").push(bytes("a\nb\n\nc\n"), 1)).toEqual([{ time: 1, text: "a\nb\n\nc" }]);
});

test("characters and escape sequences may be cut anywhere", () => {
  const whole = bytes("日本\u001b[31mred\u001b[0m é\r\nnext\n");
  for (let cut = 0; cut <= whole.length; cut++) {
    const buffer = new LineBuffer("strip");
    const lines = [...buffer.push(whole.subarray(0, cut), 1), ...buffer.push(whole.subarray(cut), 1)];
    expect(lines.map(({ text }) => text).join("\n")).toBe("日本red é\nnext");
  }
});

test("an unfinished line is overdue after five seconds", () => {
  const buffer = new LineBuffer("strip");
  buffer.push(bytes("waiting for the lock..."), 1000);
  expect(buffer.overdue(5999)).toEqual([]);
  expect(buffer.overdue(6000)).toEqual([{ time: 1000, text: "waiting for the lock..." }]);
  expect(buffer.overdue(20_000)).toEqual([]);
});

test("a line that never ends is cut", () => {
  const buffer = new LineBuffer("strip");
  expect(buffer.push(bytes("x".repeat(40_000)), 1)).toHaveLength(1);
  expect(buffer.isEmpty()).toBe(true);
});

test("colours end with each line and go on in the next", () => {
  const buffer = new LineBuffer("keep");
  const lines = buffer.push(bytes("\u001b[1m\u001b[31mred\nstill\nplain\u001b[0m again\nend\n"), 1);
  expect(lines.map(({ text }) => text)).toEqual([
    "\u001b[1m\u001b[31mred\u001b[0m",
    "\u001b[1m\u001b[31mstill\u001b[0m",
    "\u001b[1m\u001b[31mplain\u001b[0m again",
    "end",
  ]);
});

test("colours that are never ended do not pile up", () => {
  const buffer = new LineBuffer("keep");
  for (let index = 0; index < 1000; index++) buffer.push(bytes(`\u001b[${30 + (index % 8)}mx\n`), 1);
  expect(buffer.push(bytes("y\n"), 1)[0]?.text.length).toBeLessThan(60);
});
