import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Command, type Input, isFlagSet } from "./command.ts";
import { settleOperand } from "./operand.ts";
import { outputFlag } from "./output-flag.ts";
import { resolveFlags } from "./resolve-flags.ts";
import { scriptFlags } from "./script-flags.ts";
import { asksToSolve, refuseSolveFlags, solveFlags } from "./solve-flags.ts";
import { watchFlags } from "./watch-flags.ts";

/** Throws "usage": a build by a daemon puts the config where it belongs. */
function refuseImageConfig(input: Input): void {
  if (!isFlagSet(input, "image-config")) return;
  throw new LuakitError("usage", "--image-config goes with a Definition, and this is a build by a daemon", {
    hint: "the image has its config already; luakit config prints it",
  });
}

export const build: Command = {
  name: "build",
  summary: "Build a script on a BuildKit daemon, or write its Definition for buildctl build.",
  operands: "[SCRIPT|DIR]",
  maxOperands: 1,
  flags: {
    ...watchFlags,
    solve: { type: "boolean", doc: "build on a BuildKit daemon; also implied by --tag, --push, --load and -o type=…" },
    output: { ...outputFlag, doc: `${outputFlag.doc}; without --solve: write the Definition to FILE, or - for stdout` },
    "image-config": {
      type: "string",
      value: "FILE",
      doc: "write the image config, which a Definition cannot carry; - is stdout",
    },
    ...resolveFlags,
    ...scriptFlags,
    ...solveFlags,
  },
  examples: [
    {
      command: "luakit build --solve -t app:1 .",
      doc: "Build ./build.lua with the files here, on the daemon that is found",
    },
    { command: "luakit build --solve -o out", doc: "Build and write the files to ./out" },
    {
      command: "luakit build -t registry.example.com/app:1 --push --platform linux/amd64,linux/arm64",
      doc: "Push an image for two platforms",
    },
    {
      command: "luakit build -t registry.example.com/app:1 --push --platform linux/amd64,linux/arm64 --builder pool",
      doc: "Build each platform on its own node of a buildx builder",
    },
    {
      command: "luakit build build.lua | buildctl build --local context=. --output type=local,dest=out",
      doc: "Build and export the files",
    },
    {
      command: "luakit build --build-arg VERSION=1.2 -o build.pb",
      doc: "Write the Definition of ./build.lua to a file",
    },
    { command: "luakit build - < build.lua | buildctl debug dump-llb", doc: "Read the script from stdin, see the ops" },
  ],
  async run(given, terminal) {
    const input = settleOperand(given, terminal);
    if (isFlagSet(input, "watch")) return (await import("./watch/watch.ts")).watchCommand(build, input, terminal);
    if (asksToSolve(input)) {
      refuseImageConfig(input);
      const [{ solveBuild }, { readBuild }] = await Promise.all([
        import("./solve-build.ts"),
        import("./read-build.ts"),
      ]);
      return solveBuild(build, input, terminal, readBuild(input.positionals[0], terminal));
    }
    refuseSolveFlags(input);
    return (await import("./emit-build.ts")).emitBuild(input, terminal);
  },
};
