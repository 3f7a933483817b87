import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cannotWrite } from "../diagnostic/system-error.ts";
import { type Command, flagValue } from "./command.ts";
import { renderDefinitions } from "./definitions.ts";
import type { Terminal } from "./terminal.ts";
import { isStdout, writeOutput } from "./write-output.ts";

export const types: Command = {
  name: "types",
  summary: "Print definitions of the API for lua-language-server: completion, documentation and checks in editors.",
  operands: "",
  maxOperands: 0,
  flags: {
    output: { type: "string", short: "o", value: "FILE", doc: "write to FILE; without it, or with -, to stdout" },
  },
  examples: [
    { command: "luakit types", doc: "Read them" },
    { command: "luakit types --output .luakit/luakit.lua", doc: "Renew what luakit init wrote" },
  ],
  run(input, terminal) {
    const file = flagValue(input, "output");
    if (!isStdout(file)) makeDirectoryOf(file, terminal);
    writeOutput(file, renderDefinitions(), terminal);
    return 0;
  },
};

function makeDirectoryOf(file: string, { cwd }: Terminal): void {
  try {
    mkdirSync(dirname(resolve(cwd, file)), { recursive: true });
  } catch (error) {
    throw cannotWrite(`"${file}"`, error);
  }
}
