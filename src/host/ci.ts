/** Whether a CI service says that it runs this: `CI` is set, and not to a word for no. */
export function runsInCi({ CI }: Readonly<Record<string, string | undefined>>): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI);
}
