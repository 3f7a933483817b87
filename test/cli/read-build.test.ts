import { expect, test } from "bun:test";
import { readDefinition } from "../../src/cli/read-build.ts";
import { openTerminal } from "../../src/cli/terminal.ts";
import { failureOf } from "../image/failure.ts";

test.each([undefined, "-"])("a Definition is not waited for at a terminal: %p", (operand) => {
  const terminal = { ...openTerminal("/", {}), inIsTerminal: () => true };
  const { code, message } = failureOf(() => readDefinition(operand, terminal));
  expect([code, message]).toEqual(["usage", "a Definition is read from stdin, and stdin is a terminal"]);
});
