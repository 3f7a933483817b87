import { join, resolve } from "node:path";
import { statOf } from "../client/path-stat.ts";
import { flagValue, type Input } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** A directory as the operand is its build.lua, and the context unless a flag names another one. */
export function settleOperand(input: Input, { cwd }: Pick<Terminal, "cwd">): Input {
  const [operand] = input.positionals;
  if (operand === undefined || operand === "-" || !isDirectory(resolve(cwd, operand))) return input;
  const flags = new Map(input.flags);
  if (flagValue(input, "context") === undefined) flags.set("context", [operand]);
  return { flags, positionals: [join(operand, "build.lua")] };
}

function isDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}
