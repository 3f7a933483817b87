import { type Command, isFlagSet } from "./command.ts";
import { luakitVersion } from "./luakit-version.ts";

export const version: Command = {
  name: "version",
  summary: "Print the version of luakit.",
  operands: "",
  maxOperands: 0,
  flags: {
    licenses: { doc: "print what the executable contains and the licences of it, with their texts", type: "boolean" },
  },
  examples: [
    { command: "luakit version", doc: "Which luakit is this?" },
    { command: "luakit version --licenses", doc: "What is in it, and under which licences?" },
  ],
  async run(input, terminal) {
    if (isFlagSet(input, "licenses")) terminal.out((await import("./licenses.ts")).licenses());
    else terminal.out(`luakit ${luakitVersion()}\n`);
    return 0;
  },
};
