import { expect, test } from "bun:test";
import { maskSecrets } from "../../src/lint/mask.ts";

test("asterisks take the place of secrets, as many as they have characters", () => {
  const mask = maskSecrets(["hunter2!", "line one\nline two", "abc"]);
  expect(mask('x = "hunter2!" -- hunter2!s')).toBe('x = "********" -- hunter2!s');
  expect(mask("line one\nline two")).toBe("********\n********");
  expect(mask("abc")).toBe("abc");
});
