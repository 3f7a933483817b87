import { listTargets } from "../script/list-targets.ts";
import { printTargets } from "../script/print-outline.ts";
import { type Command, flagValue } from "./command.ts";
import { readEvaluateOptions } from "./evaluate-script.ts";
import { formatFlag, reportFailure } from "./outline.ts";
import { printJson } from "./print-json.ts";
import { readScript } from "./read-script.ts";
import { scriptFlags } from "./script-flags.ts";

const { target: _, ...flags } = scriptFlags;

export const targets: Command = {
  name: "targets",
  summary: "List the targets of a script with their descriptions. None of them is made.",
  operands: "[SCRIPT]",
  maxOperands: 1,
  flags: { ...formatFlag, ...flags },
  examples: [
    { command: "luakit targets", doc: "The targets of build.lua" },
    { command: "luakit targets --format json app.lua", doc: "The answer to the subrequest frontend.targets" },
  ],
  async run(input, terminal) {
    const script = readScript(input.positionals[0], terminal);
    const { list, failure } = listTargets(await readEvaluateOptions(input, terminal, script));
    reportFailure(failure, terminal);
    terminal.out(flagValue(input, "format") === "json" ? printJson(list) : printTargets(list));
    return 0;
  },
};
