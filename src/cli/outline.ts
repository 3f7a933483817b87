import { LuakitError } from "../diagnostic/luakit-error.ts";
import { outlineScript } from "../script/outline.ts";
import { printOutline } from "../script/print-outline.ts";
import { type Command, type Flag, flagValue } from "./command.ts";
import { readEvaluateOptions } from "./evaluate-script.ts";
import { printJson } from "./print-json.ts";
import { readScript } from "./read-script.ts";
import { formatError } from "./report.ts";
import { scriptFlags } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";

/** How commands that ask a script about itself print the answer. */
export const formatFlag = {
  format: { type: "string", choices: ["text", "json"], value: "FORMAT", doc: "what to print, by default text" },
} as const satisfies Record<string, Flag>;

export const outline: Command = {
  name: "outline",
  summary: "Show what a target takes: build arguments, secrets, ssh agents and cache mounts. Nothing is built.",
  operands: "[SCRIPT]",
  maxOperands: 1,
  flags: {
    ...formatFlag,
    ...scriptFlags,
    target: { ...scriptFlags.target, doc: "the target to outline, of a script with several" },
  },
  examples: [
    { command: "luakit outline", doc: "The default target of build.lua" },
    { command: "luakit outline --target release --build-arg VERSION=1.0 app.lua", doc: "Another target, with values" },
    { command: "luakit outline --format json build.lua", doc: "The answer to the subrequest frontend.outline" },
  ],
  async run(input, terminal) {
    const script = readScript(input.positionals[0], terminal);
    const { outline: found, failure } = outlineScript(await readEvaluateOptions(input, terminal, script));
    reportFailure(failure, terminal);
    if (flagValue(input, "format") === "json") terminal.out(printJson(found));
    else terminal.out(printOutline(found).replace(/\n\n$/, "\n") || "nothing: no arguments, secrets, ssh or caches\n");
    return 0;
  },
};

/** Says that a script was not given all that it needs to tell everything. */
export function reportFailure(failure: LuakitError | undefined, terminal: Terminal): void {
  if (failure === undefined) return;
  const { code, message, position, callers, hint } = failure;
  const remark = new LuakitError(code, `there may be more, after this: ${message}`, { position, callers, hint });
  terminal.error(`warning: ${formatError(remark).join("\n")}\n`);
}
