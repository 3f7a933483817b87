import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command, Flag } from "../src/cli/command.ts";
import { loadCommands } from "../src/cli/commands.ts";
import { groupFlags } from "../src/cli/flag-groups.ts";
import { describeFlag } from "../src/cli/help.ts";
import { codes } from "../src/diagnostic/code.ts";

const head = `# Commands

\`luakit COMMAND --help\` says what this page says. Flags are written \`--name value\` or \`--name=value\`; a flag with several values is
given several times. \`--\` ends the flags. The script is \`build.lua\` unless another one is named, and \`-\` is stdin.

stdout has only what was asked for. Progress, warnings and errors go to stderr. [Exit codes](#exit-codes) and
[environment variables](#environment-variables) are at the end.

This page is made from the commands' own descriptions by \`scripts/docs.ts\`.
`;

/** Exit codes, with what ends a process with them. */
const exits: Readonly<Record<number, string>> = {
  0: "done",
  1: "the script or the build failed",
  2: "wrong usage: an unknown flag, a value that a flag does not take",
  125: "no daemon was found, or it went away",
  130: "interrupted with Ctrl-C",
};

/** Variables that luakit reads, with what they do. */
const variables: readonly (readonly [names: string, doc: string])[] = [
  ["BUILDKIT_HOST", "the address of the daemon, as `--addr`"],
  ["BUILDX_BUILDER", "the buildx builder, as `--builder`"],
  ["BUILDX_CONFIG", "where buildx keeps its builders; default: `buildx` below Docker's configuration"],
  ["DOCKER_HOST DOCKER_CONTEXT", "the Docker Engine, or the docker context"],
  ["DOCKER_CONFIG", "the directory of Docker's `config.json` with logins of registries; default: `~/.docker`"],
  ["DOCKER_AUTH_CONFIG", "logins as JSON; they go before those of the file"],
  ["SSH_AUTH_SOCK", "the agent that `--ssh default` lends"],
  [
    "SOURCE_DATE_EPOCH",
    "the time of the image in seconds since 1970, and of newer files with `rewrite-timestamp=true`",
  ],
  ["BUILDKIT_PROGRESS", "the progress, as `--progress`"],
  ["BUILDKIT_COLORS BUILDKIT_TTY_LOG_LINES PROGRESS_NO_TRUNC", "how progress looks, as with BuildKit's own clients"],
  ["NO_COLOR", "no colours"],
  ["CI", "progress is plain also on a terminal, and `luakit test` writes no snapshots"],
  ["LUAKIT_REGISTRY_MIRRORS", "`docker.io=mirror.example.com`: registries that are asked first, with commas between"],
  ["LUAKIT_DEBUG", "`1` adds luakit's own stack to errors, for reports of bugs"],
  ["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY", "a file of rules for sources, as `--source-policy-file`"],
  ["BUILDKITD_FLAGS", "flags for a `buildkitd` that luakit starts"],
  ["XDG_RUNTIME_DIR XDG_DATA_HOME", "where a rootless daemon's socket, and the cache of a private daemon, are"],
  ["GITHUB_ACTIONS", "`true` folds the steps of plain progress into groups"],
  ["AWS_… ACTIONS_…", "what the caches `s3` and `gha` need, unless their attributes say it"],
];

/** docs/commands.md: every command with its flags, in groups, and its examples. */
export async function renderCommandPage(): Promise<string> {
  const commands = await loadCommands();
  const parts = [head, renderContents(commands), ...commands.map(renderCommand), renderExits(), renderVariables()];
  return `${parts.join("\n").trimEnd()}\n`;
}

function renderContents(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => `| [\`${name}\`](#luakit-${name}) | ${firstLine(summary)} |`);
  return ["| | |", "| --- | --- |", ...rows, ""].join("\n");
}

function firstLine(summary: string): string {
  return escapeCell(summary.split("\n\n", 1)[0] ?? "");
}

function renderCommand(command: Command): string {
  const { name, summary, operands, examples } = command;
  const tables = groupFlags(command).flatMap(({ title, flags }) => [
    ...(title === "" ? [] : [`${title}:`, ""]),
    ...["| flag | |", "| --- | --- |", ...flags.map(([flag, described]) => renderFlag(flag, described)), ""],
  ]);
  const shown = examples.flatMap(({ command: text, doc }) => [`# ${doc}`, text, ""]).slice(0, -1);
  return [
    ...[
      `## luakit ${name}`,
      "",
      ...renderSummary(summary),
      "",
      ...renderMore(name),
      `\`luakit ${name} [flags]${operands === "" ? "" : ` ${operands}`}\``,
      "",
    ],
    ...tables,
    ...(shown.length === 0 ? [] : ["```text", ...shown, "```", ""]),
  ].join("\n");
}

/** Pages that say more about a command whose name they do not have. */
const pages: Readonly<Record<string, string>> = {
  validate: "lint",
  types: "editor",
  init: "editor",
  fmt: "tools",
  outline: "tools",
  targets: "tools",
  completion: "tools",
};

function renderMore(name: string): string[] {
  const page = `${pages[name] ?? name}.md`;
  return existsSync(join(import.meta.dir, "../docs", page)) ? [`[${page}](${page}) says more.`, ""] : [];
}

/** What is indented is for a shell. */
function renderSummary(summary: string): string[] {
  const blocks = summary.split(/((?:^ {2}.*\n?)+)/m).filter((block) => block !== "");
  return blocks.flatMap((block) => {
    const text = block.replace(/^ {2}/gm, "").trimEnd();
    return block.startsWith("  ") ? ["", "```text", text, "```", ""] : [text];
  });
}

function renderFlag(name: string, flag: Flag): string {
  const value = flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : "";
  const short = flag.short === undefined ? "" : `\`-${flag.short}\`, `;
  const often = flag.repeatable === true ? " May be given several times." : "";
  const doc = describeFlag(flag);
  return `| ${short}${escapeCell(`\`--${name}${value}\``)} | ${escapeCell(often === "" ? doc : `${doc}.${often}`)} |`;
}

function renderExits(): string {
  const known = new Set<number>([0, ...Object.values(codes)]);
  const missing = [...known].filter((status) => exits[status] === undefined);
  if (missing.length > 0) throw new Error(`exit codes without a description: ${missing.join(", ")}`);
  const rows = Object.entries(exits).map(([status, doc]) => `| ${status} | ${doc} |`);
  return ["## Exit codes", "", "| code | |", "| --- | --- |", ...rows, ""].join("\n");
}

function renderVariables(): string {
  const rows = variables.map(([names, doc]) => {
    const listed = names.split(" ").map((name) => `\`${name}\``);
    return `| ${listed.join(" ")} | ${doc} |`;
  });
  return [
    ...["## Environment variables", "", "A flag goes before the variable of the same meaning.", ""],
    ...["| variable | |", "| --- | --- |", ...rows, ""],
  ].join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
