import type { Command, Flag } from "./command.ts";
import { groupFlags } from "./flag-groups.ts";

/** The help of one command: usage, flags and examples, 80 columns where words allow. */
export function printHelp(command: Command): string {
  const operands = command.operands === "" ? "" : ` ${command.operands}`;
  const summary = command.summary.split("\n").flatMap((line) => (line.startsWith(" ") ? [line] : wrap("", line)));
  const lines = [...summary, "", "Usage:", `  luakit ${command.name} [flags]${operands}`];
  const groups = groupFlags(command).map(({ title, flags }) => ({
    title,
    rows: flags.map(([name, flag]) => row(name, flag)),
  }));
  const rows = [...groups.flatMap((group) => group.rows), help];
  const width = Math.max(...rows.map(({ head }) => head.length).filter((length) => length <= widest)) + 2;
  const others = groups.filter(({ title }) => title !== "");
  const own = [...groups.filter(({ title }) => title === "").flatMap((group) => group.rows), help];
  for (const group of [{ title: "", rows: own }, ...others]) {
    lines.push("", `${group.title || "Flags"}:`);
    for (const { head, doc } of group.rows) lines.push(...describe(head, width, doc));
  }
  lines.push("", "Examples:");
  for (const { doc, command: text } of command.examples) lines.push(...wrap("  # ", doc).map(comment), `  ${text}`, "");
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The list of commands, shown by `luakit` and `luakit --help`. */
export function printOverview(summaries: readonly (readonly [name: string, summary: string])[]): string {
  const width = Math.max(...summaries.map(([name]) => name.length)) + 2;
  const rows = (of: typeof summaries) => of.map(([name, summary]) => `  ${name.padEnd(width)}${summary}`);
  return `${[
    "luakit describes a container build in Lua and turns it into a BuildKit build.",
    "",
    "Usage:",
    "  luakit COMMAND [flags]",
    "",
    ...groupCommands(summaries)
      .flatMap(([title, of]) => [`${title}:`, ...rows(of), ""])
      .slice(0, -1),
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

/** What people do with commands; those of no group are the first one's. */
const purposes: Readonly<Record<string, readonly string[]>> = {
  Commands: ["build", "solve"],
  "Look at scripts": ["validate", "test", "dag", "config", "outline", "targets"],
  "Write scripts": ["init", "convert", "fmt", "types"],
  "Look after daemons": ["info", "workers", "du", "prune", "history"],
  Other: ["completion", "gateway", "version"],
};

function groupCommands<T extends readonly [string, string]>(
  summaries: readonly T[],
): readonly [string, readonly T[]][] {
  const known = new Set(Object.values(purposes).flat());
  return Object.entries(purposes).map(([title, names]) => [
    title,
    summaries.filter(([name]) => (known.has(name) ? names.includes(name) : title === "Commands")),
  ]);
}

const columns = 80;

/** Longer heads have their text on the lines below. */
const widest = 30;

function describe(head: string, width: number, doc: string): string[] {
  return head.length > widest ? [head, ...wrap(" ".repeat(width), doc)] : wrap(head.padEnd(width), doc);
}

function comment(line: string): string {
  return line.replace(/^ {4}/, "  # ");
}

interface Row {
  readonly head: string;
  readonly doc: string;
}

const help: Row = { head: "  -h, --help", doc: "print this help" };

function row(name: string, flag: Flag): Row {
  return { head: flagHead(name, flag), doc: describeFlag(flag) };
}

function flagHead(name: string, flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `  ${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`;
}

/** What a flag does, with the values that it takes. */
export function describeFlag(flag: Flag): string {
  return flag.choices === undefined ? flag.doc : `${flag.doc}; one of ${flag.choices.join(", ")}`;
}

/** The text after `head`, its further lines indented below it. */
function wrap(head: string, text: string): string[] {
  const room = Math.max(30, columns - head.length);
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
