import type { Command } from "./command.ts";
import { outputFlag } from "./output-flag.ts";
import { readDefinition } from "./read-build.ts";
import { solveBuild } from "./solve-build.ts";
import { solveFlags } from "./solve-flags.ts";

/** All but what only a script has a use for. */
const { label: _label, "build-context": _contexts, ...definitionFlags } = solveFlags;

export const solve: Command = {
  name: "solve",
  summary: "Build a Definition, as luakit build and other tools write them, on a BuildKit daemon.",
  operands: "[FILE]",
  maxOperands: 1,
  flags: {
    output: outputFlag,
    context: { type: "string", short: "c", value: "DIR", doc: "what the build reads as its local context; default: ." },
    opt: { type: "string", value: "NAME=VALUE", repeatable: true, doc: "option for the daemon, such as attest:sbom=" },
    ...definitionFlags,
  },
  examples: [
    { command: "luakit build build.lua | luakit solve -o out", doc: "Build what another command wrote" },
    { command: "luakit solve build.pb -t registry.example.com/app:1 --push", doc: "Build a file and push the image" },
  ],
  run: (input, terminal) =>
    solveBuild(solve, input, terminal, { kind: "definition", bytes: readDefinition(input.positionals[0], terminal) }),
};
