import { join, resolve } from "node:path";
import { changedLibraries } from "../api/stub/language.ts";
import { convertDockerfile } from "../convert/convert-dockerfile.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { findStyle } from "../format/find-style.ts";
import { formatScript } from "../format/format-script.ts";
import { openStylua } from "../format/open-stylua.ts";
import type { ConvertedDockerfile } from "../starter/dockerfile.ts";
import { definitionsFile } from "../starter/editor-files.ts";
import { type StartResult, startProject } from "../starter/start-project.ts";
import { starterKinds } from "../starter/starter.ts";
import { type Command, flagValue } from "./command.ts";
import { renderDefinitions } from "./definitions.ts";

export const init: Command = {
  name: "init",
  summary: "Write a build script for a folder, an ignore file, and what editors need. Nothing is overwritten.",
  operands: "[DIR]",
  maxOperands: 1,
  flags: {
    kind: { type: "string", choices: starterKinds, value: "KIND", doc: "what is built, by default what the files say" },
  },
  examples: [
    { command: "luakit init", doc: "A script for the folder that you are in" },
    { command: "luakit init --kind plain hello", doc: "A first script in a new folder" },
  ],
  async run(input, terminal) {
    const [operand = "."] = input.positionals;
    const directory = resolve(terminal.cwd, operand);
    const stylua = await openStylua();
    const result = startProject(directory, {
      kind: starterKinds.find((known) => known === flagValue(input, "kind")),
      definitions: renderDefinitions(),
      changedLibraries,
      convert,
      format: (script) =>
        formatScript("build.lua", script, findStyle(join(directory, "build.lua"), terminal.cwd), stylua),
    });
    terminal.out(describe(result, operand));
    return 0;
  },
};

/** What no frontend takes is left to the daemon to tell. */
function convert(text: string, name: string): ConvertedDockerfile {
  try {
    const { script, warnings } = convertDockerfile(text, { name });
    return { script, remarks: warnings.map(({ line, message }) => `line ${line}, ${message}`) };
  } catch (error) {
    if (error instanceof LuakitError) return { script: undefined, remarks: [error.message] };
    throw error;
  }
}

/** What to do for a new one of a file that was kept. */
const advice: Readonly<Record<string, string>> = {
  "build.lua": "\n      remove it to have another one written",
  [definitionsFile]: `\n      luakit types -o ${definitionsFile} renews it`,
};

function describe({ kind, saw, others, wrote, kept, commands }: StartResult, directory: string): string {
  const own = wrote.includes("build.lua") ? commands : [];
  const next = [{ command: "luakit validate", doc: "checks the script" }, ...own];
  const width = Math.max(...next.map(({ command }) => command.length));
  const enter = directory === "." ? [] : [`  cd ${directory}`];
  return `${[
    `${kind}:`,
    ...saw.map((line) => `  ${line}`),
    ...others.map((other) => `  also there: ${other.file}, for --kind ${other.kind}`),
    "",
    ...wrote.map((name) => `wrote ${name}`),
    ...kept.map((name) => `kept  ${name}, which was there${advice[name] ?? ""}`),
    "",
    "Next:",
    ...enter,
    ...next.map(({ command, doc }) => `  ${command.padEnd(width)}   ${doc}`),
  ].join("\n")}\n`;
}
