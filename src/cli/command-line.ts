import type { Command, Input } from "./command.ts";

/** A command line that means the same as the one that was given, ready to be pasted into a shell. */
export function commandLine({ name, flags: known }: Command, { flags, positionals }: Input): string {
  const words = ["luakit", name];
  for (const [name, values] of flags) {
    if (known[name]?.type === "boolean") words.push(`--${name}`);
    else for (const value of values) words.push(`--${name}`, value);
  }
  return [...words, ...positionals].map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
