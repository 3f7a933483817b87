import { afterAll, expect, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatRawJson } from "../../src/progress/raw-json.ts";
import { openTraceFile } from "../../src/progress/trace-file.ts";
import { log, vertex } from "./messages.ts";
import { TestClock } from "./replay.ts";

const directory = mkdtempSync(join(tmpdir(), "luakit-trace-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("lines are there soon after they were told, and all of them at the end", () => {
  const path = join(directory, "trace.json");
  const clock = new TestClock();
  const file = openTraceFile(path, clock.schedule);
  const messages = [vertex("a", 0), log("a", 1, "<hi>\n"), vertex("a", 0, 2)];
  const lines = messages.map((message) => `${formatRawJson(message)}\n`);
  file.take(vertex("a", 0));
  expect(readFileSync(path, "utf8")).toBe("");
  clock.advance(50);
  expect(readFileSync(path, "utf8")).toBe(lines[0] ?? "");
  for (const message of messages.slice(1)) file.take(message);
  expect(file.end()).toBeUndefined();
  expect(readFileSync(path, "utf8")).toBe(lines.join(""));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("an older file is replaced", () => {
  const path = join(directory, "older.json");
  openTraceFile(path, new TestClock().schedule).end();
  const file = openTraceFile(path, new TestClock().schedule);
  file.take(vertex("b", 0));
  file.end();
  const again = openTraceFile(path, new TestClock().schedule);
  again.end();
  expect(readFileSync(path, "utf8")).toBe("");
});

test("a file that cannot be written is an error before anything else", () => {
  expect(() => openTraceFile(join(directory, "none", "trace.json"), new TestClock().schedule)).toThrow(
    /cannot write.*its directory does not exist/,
  );
  expect(() => openTraceFile(directory, new TestClock().schedule)).toThrow(/cannot write.*it is a directory/);
});

test.if(existsSync("/dev/full"))("a full disk is told at the end, and does not disturb before", () => {
  const descriptors = () => openAndClose();
  const before = descriptors();
  const file = openTraceFile("/dev/full", new TestClock().schedule);
  for (let count = 0; count < 3; count++) file.take(log("a", 1, "x".repeat(100_000)));
  expect(file.end()?.message).toBe('cannot write "/dev/full": no space left on the disk');
  expect(descriptors()).toBe(before);
});

/** The lowest free descriptor. */
function openAndClose(): number {
  const descriptor = openSync("/dev/null", "r");
  closeSync(descriptor);
  return descriptor;
}
