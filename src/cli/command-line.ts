import type { Command, Input } from "./command.ts";

/** A command line that means the same as the one that was given, ready to be pasted into a shell. */
export function commandLine(command: Command, input: Input): string {
  return ["luakit", ...commandWords(command, input)].map(quote).join(" ");
}

/** The words after `luakit` that mean the same as those that were given. */
export function commandWords({ name, flags: known }: Command, { flags, positionals }: Input): readonly string[] {
  const words = [name];
  for (const [name, values] of flags) {
    if (known[name]?.type === "boolean") words.push(`--${name}`);
    else for (const value of values) words.push(`--${name}`, value);
  }
  const end = positionals.some((word) => word !== "-" && word.startsWith("-")) ? ["--"] : [];
  return [...words, ...end, ...positionals];
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
