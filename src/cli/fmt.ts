import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { lookAt } from "../client/path-stat.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";
import { findStyle } from "../format/find-style.ts";
import { formatScript } from "../format/format-script.ts";
import { luaFiles } from "../format/lua-files.ts";
import { openStylua, type Stylua } from "../format/open-stylua.ts";
import { replaceFile } from "../format/replace-file.ts";
import type { Style } from "../format/style.ts";
import { decodeScript } from "../script/decode-script.ts";
import { type Command, flagValue, type Input, isFlagSet } from "./command.ts";
import { printDifference } from "./fmt-difference.ts";
import { styleFlags, withStyleFlags } from "./fmt-style.ts";
import { checkSyntax } from "./fmt-syntax.ts";
import { readStdin } from "./read-stdin.ts";
import { report } from "./report.ts";
import type { Terminal } from "./terminal.ts";

export const fmt: Command = {
  name: "fmt",
  summary: [
    "Format scripts with StyLua, in place.",
    "",
    "A directory stands for the .lua files below it, - for stdin and stdout. Options",
    "come from stylua.toml, else from .editorconfig, else scripts are indented with",
    "two spaces; flags go before both.",
  ].join("\n"),
  operands: "[FILE|DIR...|-]",
  maxOperands: Number.POSITIVE_INFINITY,
  flags: {
    check: { type: "boolean", doc: "write nothing; print what would change, and fail if anything would" },
    "stdin-filepath": {
      type: "string",
      value: "FILE",
      doc: "what - is called in errors, and where its style is looked for",
    },
    ...styleFlags,
  },
  examples: [
    { command: "luakit fmt", doc: "Format ./build.lua" },
    { command: "luakit fmt --check .", doc: "Check every script here, for CI" },
    { command: "luakit fmt - < build.lua", doc: "For editors: format what comes in" },
  ],
  async run(input, terminal) {
    // StyLua computes from its first moment on.
    Bun.unsafe.setJITPolicy(1);
    const stylua = await openStylua();
    const operands = input.positionals.length === 0 ? ["build.lua"] : input.positionals;
    if (operands.includes("-")) return formatStdin(input, terminal, stylua, operands);
    const files = [...new Set(operands.flatMap((operand) => findFiles(operand, terminal)))];
    const outcomes: Outcome[] = [];
    for (const file of files) outcomes.push(await formatOne(file, input, terminal, stylua));
    return conclude(outcomes, input, terminal);
  },
};

type Outcome = "same" | "changed" | "failed";

function findFiles(operand: string, { cwd }: Terminal): readonly string[] {
  const path = resolve(cwd, operand);
  const stat = lookAt(path, (_, cause) => cannotRead(`"${operand}"`, cause));
  if (stat === undefined) throw new LuakitError("script.missing", `there is no script "${operand}"`);
  if (!stat.isDirectory()) return [operand];
  return luaFiles(path).map((file) => shorten(file, path, operand));
}

/** A found file as the operand spells its directory. */
function shorten(file: string, directory: string, operand: string): string {
  const rest = file.slice(directory.length).replace(/^[/\\]/, "");
  return operand === "." ? rest : `${operand.replace(/[/\\]+$/, "")}/${rest}`;
}

async function formatOne(file: string, input: Input, terminal: Terminal, stylua: Stylua): Promise<Outcome> {
  try {
    const path = resolve(terminal.cwd, file);
    const text = decodeScript(file, readFile(file, path));
    const formatted = formatScript(file, text, styleOf(path, input, terminal), stylua, checkSyntax);
    if (formatted === text) return "same";
    if (isFlagSet(input, "check")) await printDifference(file, text, formatted, terminal);
    else {
      replaceFile(path, formatted);
      terminal.error(`formatted ${file}\n`);
    }
    return "changed";
  } catch (error) {
    if (!(error instanceof LuakitError) || error.code === "usage") throw error;
    report(error, terminal);
    return "failed";
  }
}

async function formatStdin(
  input: Input,
  terminal: Terminal,
  stylua: Stylua,
  operands: readonly string[],
): Promise<number> {
  if (operands.length > 1) throw new LuakitError("usage", "- stands alone: stdin is written to stdout");
  const name = flagValue(input, "stdin-filepath") ?? "stdin";
  const text = decodeScript(name, readStdin());
  const formatted = formatScript(
    name,
    text,
    styleOf(resolve(terminal.cwd, name), input, terminal),
    stylua,
    checkSyntax,
  );
  if (!isFlagSet(input, "check")) terminal.out(new TextEncoder().encode(formatted));
  else if (formatted !== text) await printDifference(name, text, formatted, terminal);
  return isFlagSet(input, "check") && formatted !== text ? 1 : 0;
}

function styleOf(path: string, input: Input, { cwd }: Terminal): Style {
  return withStyleFlags(findStyle(path, cwd), input);
}

function conclude(outcomes: readonly Outcome[], input: Input, terminal: Terminal): number {
  const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
  const changed = count("changed");
  if (!isFlagSet(input, "check")) return count("failed") === 0 ? 0 : 1;
  if (changed > 0) terminal.error(`${changed} of ${outcomes.length} scripts would change: luakit fmt formats them\n`);
  return changed + count("failed") === 0 ? 0 : 1;
}

function readFile(name: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw cannotRead(`"${name}"`, cause);
  }
}
