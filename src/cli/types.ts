import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Command, flagValue } from "./command.ts";
import { renderDefinitions } from "./definitions.ts";

export const types: Command = {
  name: "types",
  summary: "Print definitions of the API for lua-language-server: completion, documentation and checks in editors.",
  operands: "",
  maxOperands: 0,
  flags: {
    output: { type: "string", short: "o", value: "FILE", doc: "write to FILE instead of stdout" },
  },
  examples: [
    { command: "luakit types", doc: "Read them" },
    { command: "luakit types --output .luakit/luakit.lua", doc: "Renew what luakit init wrote" },
  ],
  run(input, terminal) {
    const file = flagValue(input, "output");
    const text = renderDefinitions();
    if (file === undefined) terminal.out(text);
    else write(resolve(terminal.cwd, file), file, text);
    return 0;
  },
};

function write(path: string, name: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new LuakitError("file.write", `cannot write "${name}": ${code}`, { cause: error });
  }
}
