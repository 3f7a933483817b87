import type { Command } from "./command.ts";
import { luakitVersion } from "./luakit-version.ts";

export const version: Command = {
  name: "version",
  summary: "Print the version of luakit.",
  operands: "",
  maxOperands: 0,
  flags: {},
  examples: [{ command: "luakit version", doc: "Which luakit is this?" }],
  run(_input, terminal) {
    terminal.out(`luakit ${luakitVersion()}\n`);
    return 0;
  },
};
