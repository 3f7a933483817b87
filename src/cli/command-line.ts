import type { Input } from "./command.ts";

/** A command line that means the same as the one that was given, ready to be pasted into a shell. */
export function commandLine(command: string, { flags, positionals }: Input): string {
  const words = ["luakit", command];
  for (const [name, values] of flags) {
    for (const value of values.length === 0 ? [""] : values)
      words.push(...(value === "" ? [`--${name}`] : [`--${name}`, value]));
  }
  return [...words, ...positionals].map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
