/** Text as lines of documentation, which editors read as Markdown. */
export function comment(text: string): string[] {
  return text.split("\n").map((line) => `---${line}`);
}

/** Lua source as an example in documentation. */
export function exampleComment(source: string): string[] {
  return comment(["", "```lua", source, "```"].join("\n"));
}
