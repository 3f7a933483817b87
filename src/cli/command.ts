import type { Terminal } from "./terminal.ts";

/** One flag of a command. Its name in `Command.flags` is what follows `--`. */
export interface Flag {
  readonly doc: string;
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What the value is called in the help: `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** The flag may be given several times; its values are kept in order. */
  readonly repeatable?: boolean;
  readonly hidden?: boolean;
}

/** What a command line gave: every flag's values in order, and what is not a flag. */
export interface Input {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

export interface Example {
  readonly command: string;
  readonly doc: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the name in the usage line: `[SCRIPT]`. */
  readonly operands: string;
  /** The most operands that the command takes. */
  readonly maxOperands: number;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly examples: readonly Example[];
  /** Gives the exit status. Errors are thrown as LuakitError. */
  run(input: Input, terminal: Terminal): Promise<number> | number;
}

/** The value of a flag that is given at most once. */
export function flagValue(input: Input, name: string): string | undefined {
  return input.flags.get(name)?.at(-1);
}

export function flagValues(input: Input, name: string): readonly string[] {
  return input.flags.get(name) ?? [];
}

export function isFlagSet(input: Input, name: string): boolean {
  return input.flags.has(name);
}
