import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { escapeJsonControls } from "../graph/escape.ts";
import { makeStatus, rpcError, statusCode } from "../rpc/status.ts";
import { listTargets } from "../script/list-targets.ts";
import { outlineScript } from "../script/outline.ts";
import { printOutline, printTargets } from "../script/print-outline.ts";
import { lintViolation, readCheckOption } from "./check-option.ts";
import { runScriptFor, type ScriptBuild } from "./run-script.ts";
import { sendWarnings } from "./script-warnings.ts";
import { describeSubrequests, printSubrequests, subrequests } from "./subrequest-list.ts";

type Metadata = Readonly<Record<string, string>>;
type Answer = (build: ScriptBuild) => Metadata | Promise<Metadata>;

const answers: { readonly [name: string]: Answer | undefined } = {
  [subrequests.outline.name]: answerOutline,
  [subrequests.targets.name]: answerTargets,
  [subrequests.lint.name]: answerLint,
  [subrequests.describe.name]: () => ({ ...toJson(describeSubrequests()), "result.txt": printSubrequests() }),
};

/** Answers what a client asks about the script instead of building it: gateway.md §9. */
export async function answerSubrequest(build: ScriptBuild, name: string): Promise<GatewayResult> {
  const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answer === undefined) throw unsupported(name);
  const metadata = { version: "1.0.0", ...(await answer(build)) };
  const encoded = Object.entries(metadata).map(([key, text]) => [key, new TextEncoder().encode(text)]);
  return { reference: undefined, references: new Map(), metadata: Object.fromEntries(encoded) };
}

async function answerOutline(build: ScriptBuild): Promise<Metadata> {
  const { outline, failure } = await runScriptFor(build, platformOf(build), outlineScript);
  await sendFailure(build, failure);
  return { ...toJson(outline), "result.txt": printOutline(outline) };
}

async function answerTargets(build: ScriptBuild): Promise<Metadata> {
  const { list, failure } = await runScriptFor(build, platformOf(build), listTargets);
  await sendFailure(build, failure);
  return { ...toJson(list), "result.txt": printTargets(list) };
}

/** The rules are loaded here only: no build needs them. What is just worth knowing ends no check, and is left out. */
async function answerLint(build: ScriptBuild): Promise<Metadata> {
  const [{ lintScript }, { describeLint, printLint }] = await Promise.all([
    import("../script/lint.ts"),
    import("./lint-result.ts"),
  ]);
  const { isSkipped, isError } = readCheckOption(build.options.buildArguments);
  const lint = await runScriptFor(build, platformOf(build), (options) => lintScript(options));
  const findings = lint.findings.filter(({ rule, severity }) => severity !== "info" && !isSkipped(rule));
  const names = [...new Set(findings.map(({ rule }) => rule))].sort();
  const error = lint.error ?? (isError && names.length > 0 ? lintViolation(names) : undefined);
  const result = describeLint({ findings, error }, build.script.file);
  const isClean = result.warnings.length === 0 && result.buildError === undefined;
  return { ...toJson(result), "result.txt": printLint(result), "result.statuscode": isClean ? "0" : "1" };
}

/** That the answer may lack something is no error, but the user should know. */
async function sendFailure({ gateway, script }: ScriptBuild, failure: LuakitError | undefined): Promise<void> {
  if (failure === undefined) return;
  const { code, message, position } = failure;
  const warning = new LuakitError(code, `there may be more, after this: ${message}`, { position });
  await sendWarnings(gateway, script, [warning]);
}

function platformOf({ options, platform }: ScriptBuild) {
  return options.platforms[0] ?? platform;
}

function toJson(value: object): Metadata {
  return { "result.json": escapeJsonControls(JSON.stringify(value, null, 2)) };
}

function unsupported(name: string): Error {
  const detail = {
    type: "github.com/moby/buildkit/errdefs.Subrequest+json",
    value: new TextEncoder().encode(JSON.stringify({ name })),
  };
  const status = makeStatus(statusCode.unimplemented, `unsupported request ${name}`);
  return rpcError({ ...status, details: [detail] });
}
