import { resolve } from "node:path";
import { changedLibraries } from "../api/stub/language.ts";
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
  run(input, terminal) {
    const [operand = "."] = input.positionals;
    const result = startProject(resolve(terminal.cwd, operand), {
      kind: starterKinds.find((known) => known === flagValue(input, "kind")),
      definitions: renderDefinitions(),
      changedLibraries,
      convert: () => undefined,
    });
    terminal.out(describe(result, operand));
    return 0;
  },
};

function describe({ kind, saw, others, wrote, kept, commands }: StartResult, directory: string): string {
  const width = Math.max(...commands.map(({ command }) => command.length));
  const enter = directory === "." ? [] : [`  cd ${directory}`];
  return `${[
    `${kind}:`,
    ...saw.map((line) => `  ${line}`),
    ...others.map((other) => `  ${other.file} is there too: luakit init --kind ${other.kind}`),
    "",
    ...wrote.map((name) => `wrote ${name}`),
    ...kept.map((name) => `kept  ${name}, which was there`),
    "",
    "Next:",
    ...enter,
    ...[{ command: "luakit validate", doc: "checks the script" }, ...commands].map(
      ({ command, doc }) => `  ${command.padEnd(Math.max(width, 15))}   ${doc}`,
    ),
  ].join("\n")}\n`;
}
