import type { StarterCommand } from "./starter.ts";

/** A Lua string that holds `text`. */
export function quote(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${escaped.replace(/\p{Cc}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)}"`;
}

/** A Lua list of strings: `{ "npm", "ci" }`. */
export function list(words: readonly string[]): string {
  return `{ ${words.map(quote).join(", ")} }`;
}

/** The comment at the head of a script: what it builds, and with which commands. */
export function head(what: string, commands: readonly StarterCommand[]): string {
  const width = Math.max(...commands.map(({ command }) => command.length));
  return [`-- ${what}`, "--", ...commands.map(({ command, doc }) => `--   ${command.padEnd(width)}   ${doc}`)].join(
    "\n",
  );
}

/** The parts of a script, with empty lines between them; undefined ones are left out. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

/** The commands of a script whose result is an image. */
export function imageCommands(name: string): StarterCommand[] {
  return [loadCommand(name), { command: "luakit build --solve", doc: "builds it and keeps it in the cache" }];
}

function loadCommand(name: string): StarterCommand {
  return { command: `luakit build --tag ${name} --load`, doc: "the image, into Docker" };
}

/** The same of an image that is hardly more than a program. */
export function programCommands(name: string): StarterCommand[] {
  return [loadCommand(name), { command: "luakit build --solve --output out", doc: "its files, into ./out" }];
}

export const testCommand: StarterCommand = { command: "luakit build --solve --target test", doc: "the tests" };
