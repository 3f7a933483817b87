import { expect, test } from "bun:test";
import { type HealthcheckOptions, toHealthcheck } from "../../src/image/healthcheck.ts";
import { failureOf } from "./failure.ts";

test.each<[HealthcheckOptions, readonly string[]]>([
  [{ cmd: "curl x" }, ["CMD-SHELL", "curl x"]],
  [{ test: "curl x" }, ["CMD-SHELL", "curl x"]],
  [{ cmd: ["curl", "x"] }, ["CMD", "curl", "x"]],
  [{ test: ["CMD", "curl", "x"] }, ["CMD", "curl", "x"]],
  [{ test: ["CMD-SHELL", "curl x"] }, ["CMD-SHELL", "curl x"]],
  [{ test: ["NONE"] }, ["NONE"]],
  [{ none: true }, ["NONE"]],
  [{ disable: true }, ["NONE"]],
])("%p runs %p", (options, expected) => {
  expect(toHealthcheck(options, undefined).Test).toEqual(expected);
});

test.each<[HealthcheckOptions, string]>([
  [{}, "no command"],
  [{ cmd: " " }, "the command is empty"],
  [{ cmd: [] }, "the command is empty"],
  [{ cmd: ["CMD"] }, '"CMD" needs a command'],
  [{ cmd: ["CMD-SHELL", "a", "b"] }, "takes one string"],
  [{ disable: true, cmd: "x" }, "a disabled check has no command"],
  [{ cmd: "x", retries: -1 }, '"retries"'],
  [{ cmd: "x", retries: 1.5 }, '"retries"'],
  [{ cmd: "x", timeout: -5 }, '"timeout" must be at least 1ms'],
])("%p is refused", (options, message) => {
  expect(failureOf(() => toHealthcheck(options, undefined)).message).toContain(message);
});

test("a disabled check is nothing to inherit a command from", () => {
  expect(failureOf(() => toHealthcheck({ retries: 2 }, { Test: ["NONE"] })).message).toContain("no command");
});
