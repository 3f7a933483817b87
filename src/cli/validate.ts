import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { RuleChoice } from "../lint/check-rules.ts";
import type { Severity } from "../lint/rule.ts";
import { type Command, flagValue, flagValues, type Input, isFlagSet } from "./command.ts";
import { readEvaluateOptions } from "./evaluate-script.ts";
import { readScript } from "./read-script.ts";
import { scriptFlags } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";
import type { Verdict } from "./verdict.ts";
import { watchFlags } from "./watch-flags.ts";

const severities: readonly Severity[] = ["info", "warning", "error"];

export const validate: Command = {
  name: "validate",
  summary: "Check scripts without a daemon and without the network: syntax, options, graph, lint rules.",
  operands: "[SCRIPT...]",
  maxOperands: Number.POSITIVE_INFINITY,
  flags: {
    format: {
      type: "string",
      choices: ["text", "json", "github", "sarif"],
      value: "FORMAT",
      doc: "what to print, by default text; github annotates a workflow, sarif is for code scanning",
    },
    strict: { type: "boolean", doc: "exit with 1 when there are warnings: the same as --fail-on warning" },
    "fail-on": {
      type: "string",
      choices: severities,
      value: "SEVERITY",
      doc: "exit with 1 when a rule of this severity, or of a higher one, finds something; default: error",
    },
    ignore: { type: "string", value: "RULE", repeatable: true, doc: "leave a rule out" },
    enable: { type: "string", value: "RULE", repeatable: true, doc: "check a rule that is off unless asked for" },
    "list-rules": { type: "boolean", doc: "print the rules and exit" },
    ...watchFlags,
    ...scriptFlags,
  },
  examples: [
    { command: "luakit validate build.lua", doc: "Check one script, every target of it" },
    { command: "luakit validate --strict --ignore unpinned-image", doc: "Fail on warnings, but not about tags" },
    { command: "luakit validate --format json build.lua release.lua", doc: "For editors and CI" },
    { command: "luakit validate --format sarif > lint.sarif", doc: "For code scanning" },
    { command: "luakit validate --list-rules", doc: "What is looked for" },
  ],
  async run(input, terminal) {
    if (isFlagSet(input, "watch")) return (await import("./watch/watch.ts")).watchCommand(validate, input, terminal);
    if (isFlagSet(input, "list-rules")) return listRules(terminal);
    const choice = await readChoice(input);
    const least = severities.indexOf(readLeast(input));
    const names = input.positionals.length === 0 ? [undefined] : input.positionals;
    const verdicts: Verdict[] = [];
    for (const name of names) verdicts.push(await check(name, input, terminal, choice));
    const fails = (verdict: Verdict) =>
      verdict.error !== undefined || verdict.findings.some(({ severity }) => severities.indexOf(severity) >= least);
    await print(verdicts, fails, flagValue(input, "format") ?? "text", terminal);
    return verdicts.some(fails) ? 1 : 0;
  },
};

async function listRules(terminal: Terminal): Promise<number> {
  const [{ rules }, { formatTable }] = await Promise.all([import("../lint/rules.ts"), import("./table.ts")]);
  const rows = rules.map(({ id, severity, isOptional, summary }) => [id, isOptional ? "off" : severity, summary]);
  terminal.out(formatTable([{ title: "RULE" }, { title: "SEVERITY" }, { title: "WHAT IT FINDS" }], rows));
  return 0;
}

/** Several names may stand in one value, with commas between. */
async function readChoice(input: Input): Promise<RuleChoice> {
  const [ignored, enabled] = ["ignore", "enable"].map((flag) => {
    const names = flagValues(input, flag).flatMap((value) => value.split(","));
    return { flag, names: names.map((name) => name.trim()).filter((name) => name !== "") };
  });
  if (ignored === undefined || enabled === undefined || ignored.names.length + enabled.names.length === 0) return {};
  const { rules } = await import("../lint/rules.ts");
  const known = rules.map(({ id }) => id);
  for (const { flag, names } of [ignored, enabled]) {
    const strange = names.find((name) => !known.includes(name));
    if (strange === undefined) continue;
    const hint = "luakit validate --list-rules prints the rules";
    throw new LuakitError("usage", `--${flag}: there is no rule "${strange}"${didYouMean(strange, known)}`, { hint });
  }
  return { ignored: new Set(ignored.names), enabled: new Set(enabled.names) };
}

function readLeast(input: Input): Severity {
  const wanted = severities.find((severity) => severity === flagValue(input, "fail-on"));
  return wanted ?? (isFlagSet(input, "strict") ? "warning" : "error");
}

async function check(name: string | undefined, input: Input, terminal: Terminal, choice: RuleChoice): Promise<Verdict> {
  const script = name ?? "build.lua";
  try {
    const options = await readEvaluateOptions(input, terminal, readScript(name, terminal), { which: "all" });
    const { lintScript } = await import("../script/lint.ts");
    const { findings, error, hints } = lintScript(options, choice);
    for (const hint of hints) terminal.error(`hint: ${hint}\n`);
    return { script, error, findings };
  } catch (error) {
    if (!(error instanceof LuakitError) || error.code === "usage") throw error;
    return { script, error, findings: [] };
  }
}

async function print(
  verdicts: readonly Verdict[],
  fails: (verdict: Verdict) => boolean,
  format: string,
  terminal: Terminal,
): Promise<void> {
  if (format === "json") terminal.out((await import("./lint-json.ts")).formatLintJson(verdicts));
  else if (format === "github")
    terminal.out(new TextEncoder().encode((await import("./lint-github.ts")).formatLintGithub(verdicts)));
  else if (format === "sarif") terminal.out((await import("./lint-sarif.ts")).formatLintSarif(verdicts));
  else {
    const { formatVerdict, summarize } = await import("./lint-text.ts");
    for (const verdict of verdicts) terminal.out(formatVerdict(verdict, fails(verdict), terminal));
    terminal.out(summarize(verdicts, terminal));
  }
}
