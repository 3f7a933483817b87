import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { Command, Flag, Input } from "./command.ts";

/**
 * Reads `--name value`, `--name=value`, `-n value`, `-nvalue`, `--name=false` and operands in any order; `--` ends the flags and a
 * lone `-` is an operand. Throws `usage` errors.
 */
export function parseInput(command: Command, words: readonly string[]): Input {
  const flags = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") {
      positionals.push(...words.slice(index + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      positionals.push(word);
      continue;
    }
    const { name, flag, value } = readFlag(command, word);
    if (flag.type === "string" && value === undefined) {
      index++;
      addValue(flags, name, flag, takeValue(command, name, words[index]));
    } else if (flag.type === "boolean" && value === "false") flags.delete(name);
    else addValue(flags, name, flag, value ?? "true");
  }
  if (positionals.length > command.maxOperands) {
    const extra = positionals[command.maxOperands] ?? "";
    throw usage(command, `unexpected argument "${extra}"`);
  }
  return { flags, positionals };
}

interface FoundFlag {
  readonly name: string;
  readonly flag: Flag;
  readonly value: string | undefined;
}

function readFlag(command: Command, word: string): FoundFlag {
  const found = word.startsWith("--") ? readLong(command, word) : readShort(command, word);
  if (found.flag.type === "boolean" && !["true", "false", undefined].includes(found.value)) {
    throw usage(command, `--${found.name} takes no value but true or false`);
  }
  return found;
}

function readLong(command: Command, word: string): FoundFlag {
  const equals = word.indexOf("=");
  const name = word.slice(2, equals < 0 ? undefined : equals);
  const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
  if (flag === undefined) {
    const names = Object.keys(command.flags).map((known) => `--${known}`);
    throw usage(command, `unknown flag "--${name}"${didYouMean(`--${name}`, names)}`);
  }
  return { name, flag, value: equals < 0 ? undefined : word.slice(equals + 1) };
}

function readShort(command: Command, word: string): FoundFlag {
  const letter = word[1];
  for (const [name, flag] of Object.entries(command.flags)) {
    if (flag.short !== letter) continue;
    const rest = word.slice(2).replace(/^=/, "");
    return { name, flag, value: rest === "" ? undefined : rest };
  }
  throw usage(command, `unknown flag "-${letter}"`);
}

function takeValue(command: Command, name: string, next: string | undefined): string {
  if (next === undefined) throw usage(command, `--${name} needs a value`);
  return next;
}

function addValue(flags: Map<string, string[]>, name: string, flag: Flag, value: string): void {
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    const hint = `one of: ${flag.choices.join(", ")}`;
    throw new LuakitError("usage", `--${name}: "${value}" is not known${didYouMean(value, flag.choices)}`, { hint });
  }
  const values = flags.get(name);
  if (values === undefined) flags.set(name, [value]);
  else if (flag.repeatable) values.push(value);
  else if (flag.type === "string") throw new LuakitError("usage", `--${name} is given twice`);
}

function usage(command: Command, message: string): LuakitError {
  return new LuakitError("usage", message, { hint: `luakit ${command.name} --help` });
}
