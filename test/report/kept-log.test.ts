import { expect, test } from "bun:test";
import { KeptLog } from "../../src/report/kept-log.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const texts = (log: KeptLog) => log.runs().map(({ bytes }) => new TextDecoder().decode(bytes));

test("a short log is kept as it is, with the times at which it came", () => {
  const log = new KeptLog();
  log.append(encode("one\n"), 1000);
  log.append(encode("two\n"), 1005);
  log.append(encode("three\n"), 1100);
  expect(texts(log)).toEqual(["one\ntwo\nthree\n"]);
  expect(log.runs()[0]?.marks).toEqual([
    { offset: 0, time: 1000 },
    { offset: 8, time: 1100 },
  ]);
});

test("of a long log the beginning and the end are kept", () => {
  const log = new KeptLog();
  const line = (number: number) => `${String(number).padStart(9, "0")}\n`;
  for (let number = 0; number < 100_000; number++) {
    log.append(encode(line(number)), number);
    if (number % 1000 === 0) log.trim(256 * 1024);
  }
  log.trim(128 * 1024);
  const [head = "", tail = ""] = texts(log);
  expect(head).toStartWith(line(0) + line(1));
  expect(tail).toEndWith(line(99_999));
  expect(head.length + tail.length).toBe(log.size);
  expect(log.size).toBeLessThanOrEqual(128 * 1024);
  expect(tail.length).toBeGreaterThan(head.length);
  expect(log.size + log.dropped).toBe(log.total);
  expect(log.total).toBe(1_000_000);
});
