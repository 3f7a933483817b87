import type { Command, Flag } from "./command.ts";

/** The help of one command: usage, flags and examples, 80 columns where words allow. */
export function printHelp(command: Command): string {
  const operands = command.operands === "" ? "" : ` ${command.operands}`;
  const lines = [command.summary, "", "Usage:", `  luakit ${command.name} [flags]${operands}`, "", "Flags:"];
  const shown = Object.entries(command.flags).filter(([, flag]) => !flag.hidden);
  const heads = shown.map(([name, flag]) => flagHead(name, flag));
  heads.push("  -h, --help");
  const width = Math.max(...heads.map((head) => head.length).filter((length) => length <= widest)) + 2;
  const docs = [...shown.map(([, flag]) => flagDoc(flag)), "print this help"];
  for (const [index, head] of heads.entries()) lines.push(...describe(head, width, docs[index] ?? ""));
  lines.push("", "Examples:");
  for (const example of command.examples) lines.push(`  # ${example.doc}`, `  ${example.command}`, "");
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The list of commands, shown by `luakit` and `luakit --help`. */
export function printOverview(summaries: readonly (readonly [name: string, summary: string])[]): string {
  const width = Math.max(...summaries.map(([name]) => name.length)) + 2;
  const rows = summaries.map(([name, summary]) => `  ${name.padEnd(width)}${summary}`);
  return `${[
    "luakit describes a container build in Lua and turns it into a BuildKit build.",
    "",
    "Usage:",
    "  luakit COMMAND [flags]",
    "",
    "Commands:",
    ...rows,
    "",
    "Examples:",
    "  # Build ./build.lua with the files here, and load the image into Docker",
    "  luakit build --tag app:1 --load",
    "",
    "  # Build and write the files of the result to ./out",
    "  luakit build --solve --output out",
    "",
    "  # Write the build for buildctl",
    "  luakit build build.lua | buildctl build --local context=.",
    "",
    "  # Check a script without a daemon",
    "  luakit validate build.lua",
    "",
    "luakit COMMAND --help says more about a command.",
  ].join("\n")}\n`;
}

/** Longer heads have their text on the lines below. */
const widest = 30;

function describe(head: string, width: number, doc: string): string[] {
  return head.length > widest ? [head, ...wrap(" ".repeat(width), doc)] : wrap(head.padEnd(width), doc);
}

function flagHead(name: string, flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `  ${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`;
}

function flagDoc(flag: Flag): string {
  return flag.choices === undefined ? flag.doc : `${flag.doc}: ${flag.choices.join(", ")}`;
}

/** The text after `head`, its further lines indented below it. */
function wrap(head: string, text: string): string[] {
  const room = Math.max(30, 90 - head.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((part, index) => (index === 0 ? head : " ".repeat(head.length)) + part);
}
