import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Command } from "./command.ts";

/** What people get to see; inside BuildKit `main.ts` serves the build instead. */
export const gateway: Command = {
  name: "gateway",
  summary: [
    "Serve a build as a frontend, over stdin and stdout.",
    "",
    "BuildKit starts this in the image of luakit, for scripts that begin with",
    "#syntax=IMAGE and for --opt source=IMAGE. With no arguments luakit does the same",
    "there.",
  ].join("\n"),
  operands: "",
  maxOperands: 0,
  flags: {},
  examples: [
    {
      command: "docker build --file build.lua .",
      doc: "Build a script that begins with #syntax=IMAGE, without luakit on this machine",
    },
    {
      command: "buildctl build --frontend gateway.v0 --opt source=IMAGE --local context=. --local dockerfile=.",
      doc: "The same with buildctl, whatever the script begins with",
    },
  ],
  run() {
    throw new LuakitError(
      "usage",
      "luakit gateway talks to BuildKit, which starts it as a frontend, and this is no BuildKit",
      {
        hint: 'begin build.lua with "#syntax=IMAGE", the image of luakit, and run: docker build --file build.lua .   (luakit gateway --help says more)',
      },
    );
  },
};
