import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { convertDockerfile } from "../convert/convert-dockerfile.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";
import { findStyle } from "../format/find-style.ts";
import { formatScript } from "../format/format-script.ts";
import { openStylua } from "../format/open-stylua.ts";
import { decodeScript } from "../script/decode-script.ts";
import { type Command, flagValue, isFlagSet } from "./command.ts";
import { readStdin } from "./read-stdin.ts";
import { formatError } from "./report.ts";
import type { Terminal } from "./terminal.ts";
import { isStdout, writeOutput } from "./write-output.ts";

export const convert: Command = {
  name: "convert",
  summary: "Write a script that builds the same image as a Dockerfile. Nothing is built and nothing is downloaded.",
  operands: "[DOCKERFILE]",
  maxOperands: 1,
  flags: {
    output: {
      type: "string",
      short: "o",
      value: "FILE",
      doc: "write to FILE, which must not exist; without it, or with -, to stdout",
    },
    strict: { type: "boolean", doc: "fail when something is not converted" },
  },
  examples: [
    { command: "luakit convert -o build.lua", doc: "The Dockerfile of this directory" },
    { command: "luakit convert docker/app.Dockerfile | less", doc: "Look at the script first" },
    { command: "luakit convert --strict - < Dockerfile > build.lua", doc: "All of it or nothing" },
  ],
  async run(input, terminal) {
    const { name, text } = readDockerfile(input.positionals[0] ?? "Dockerfile", terminal);
    const { script: plain, warnings } = convertDockerfile(text, { name });
    for (const { line, message } of warnings) {
      const remark = new LuakitError("convert.syntax", message, { position: { file: name, line, source: text } });
      terminal.error(`warning: ${formatError(remark).join("\n")}\n`);
    }
    sayIgnoreFile(input.positionals[0] ?? "Dockerfile", terminal);
    if (isFlagSet(input, "strict") && warnings.length > 0) {
      const hint = "without --strict the script has a comment in each of these places";
      throw new LuakitError("convert.incomplete", `${count(warnings.length)} not converted`, { hint });
    }
    const file = flagValue(input, "output");
    const place = resolve(terminal.cwd, isStdout(file) ? "build.lua" : file);
    const script = formatScript(basename(place), plain, findStyle(place, terminal.cwd), await openStylua());
    if (!isStdout(file)) refuseToReplace(file, terminal);
    writeOutput(file, script, terminal, "wx");
    return 0;
  },
};

/** The Dockerfile's own ignore file belongs to its name. */
function sayIgnoreFile(operand: string, { cwd, error }: Terminal): void {
  const file = `${operand}.dockerignore`;
  if (operand === "-" || !existsSync(resolve(cwd, file))) return;
  error(`note: ${basename(file)} is not read for the script; build.lua.dockerignore is, beside build.lua\n`);
}

function count(warnings: number): string {
  return warnings === 1 ? "one thing is" : `${warnings} things are`;
}

function readDockerfile(operand: string, { cwd }: Terminal): { name: string; text: string } {
  if (operand === "-") return { name: "stdin", text: decodeScript("stdin", readStdin()) };
  const path = resolve(cwd, operand);
  try {
    return { name: basename(path), text: decodeScript(operand, readFileSync(path)) };
  } catch (error) {
    const hint = operand === "Dockerfile" ? "name another one: luakit convert PATH" : undefined;
    throw cannotRead(`"${operand}"`, error, hint);
  }
}

function refuseToReplace(file: string, { cwd }: Terminal): void {
  if (!existsSync(resolve(cwd, file))) return;
  throw new LuakitError("file.write", `"${file}" is there already`, { hint: "name another file, or remove it" });
}
