import { LuakitError } from "../diagnostic/luakit-error.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { noBaseImages } from "../script/base-images.ts";
import { defineBuild } from "../script/define-build.ts";
import { type Command, flagValue, type Input } from "./command.ts";
import { evaluateScript } from "./evaluate-script.ts";
import { readScript } from "./read-script.ts";
import { formatError } from "./report.ts";
import { scriptFlags } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";

/** What is known of one script after checking it. */
interface Verdict {
  readonly script: string;
  readonly error: LuakitError | undefined;
  readonly warnings: readonly LuakitError[];
}

export const validate: Command = {
  name: "validate",
  summary: "Check scripts without a daemon and without the network: syntax, options, graph.",
  operands: "[SCRIPT...]",
  maxOperands: Number.POSITIVE_INFINITY,
  flags: {
    format: { type: "string", choices: ["text", "json"], value: "FORMAT", doc: "what to print, by default text" },
    ...scriptFlags,
  },
  examples: [
    { command: "luakit validate build.lua", doc: "Check one script, every target of it" },
    { command: "luakit validate --format json build.lua release.lua", doc: "For editors and CI" },
  ],
  async run(input, terminal) {
    const names = input.positionals.length === 0 ? [undefined] : input.positionals;
    const verdicts: Verdict[] = [];
    for (const name of names) verdicts.push(await check(name, input, terminal));
    if (flagValue(input, "format") === "json") printJson(verdicts, terminal);
    else for (const verdict of verdicts) printText(verdict, terminal);
    return verdicts.some(({ error }) => error !== undefined) ? 1 : 0;
  },
};

async function check(name: string | undefined, input: Input, terminal: Terminal): Promise<Verdict> {
  const script = name ?? "build.lua";
  try {
    const evaluated = await evaluateScript(input, terminal, readScript(name, terminal), { which: "all" });
    const { targets, platform, warnings } = evaluated;
    for (const hint of evaluated.hints) terminal.error(`hint: ${hint}\n`);
    for (const target of targets) encodeDefinition(defineBuild(target, platform, noBaseImages, { sketch: true }));
    return { script, error: undefined, warnings };
  } catch (error) {
    if (!(error instanceof LuakitError) || error.code === "usage") throw error;
    return { script, error, warnings: [] };
  }
}

function printText({ script, error, warnings }: Verdict, terminal: Terminal): void {
  for (const warning of warnings) terminal.out(`warning: ${formatError(warning).join("\n")}\n`);
  terminal.out(error === undefined ? `✓ ${script}\n` : `✗ ${script}\n${formatError(error).join("\n")}\n`);
}

function printJson(verdicts: readonly Verdict[], terminal: Terminal): void {
  const scripts = verdicts.map(({ script, error, warnings }) => ({
    script,
    valid: error === undefined,
    errors: error === undefined ? [] : [toJson(error)],
    warnings: warnings.map(toJson),
  }));
  terminal.out(`${JSON.stringify({ version: 1, scripts }, null, 2)}\n`);
}

/** `line` and `column` are 1-based. */
function toJson({ code, message, position, hint, callers }: LuakitError): object {
  const calls = callers.map(({ file, line }) => ({ file, line }));
  return { code, message, file: position?.file, line: position?.line, column: position?.column, hint, callers: calls };
}
