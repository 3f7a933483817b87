import { variablesOf } from "../expand/word.ts";
import { isAutomatic } from "./build-arguments.ts";
import { chooseStage } from "./choose-stage.ts";
import { type Conversion, imageOf } from "./conversion.ts";
import {
  convertCmd,
  convertEntrypoint,
  convertExpose,
  convertHealthcheck,
  convertLabel,
  convertMaintainer,
  convertOnbuild,
  convertStopSignal,
  convertVolume,
} from "./convert-config.ts";
import { convertCopy } from "./convert-copy.ts";
import { convertRun } from "./convert-run.ts";
import { convertArg, convertEnv, convertShell, convertUser, convertWorkdir } from "./convert-settings.ts";
import { heredocsOf } from "./heredoc.ts";
import { flagOf, type Instruction, type Keyword, parseInstruction, refuse } from "./instruction.ts";
import { code, type Lua, record } from "./lua.ts";
import { pairsOf } from "./pairs.ts";
import { constant, foreign, Scope } from "./scope.ts";
import { addCall, addConfig, type Stage, takePending } from "./stage.ts";
import { wordToLua } from "./word-to-lua.ts";

type Convert = (conversion: Conversion, stage: Stage, instruction: Instruction) => void;

const converters: Readonly<Record<Exclude<Keyword, "FROM">, Convert>> = {
  ADD: convertCopy,
  ARG: convertArg,
  CMD: convertCmd,
  COPY: convertCopy,
  ENTRYPOINT: convertEntrypoint,
  ENV: convertEnv,
  EXPOSE: convertExpose,
  HEALTHCHECK: convertHealthcheck,
  LABEL: convertLabel,
  MAINTAINER: convertMaintainer,
  ONBUILD: keepTrigger,
  RUN: convertRun,
  SHELL: convertShell,
  STOPSIGNAL: convertStopSignal,
  USER: convertUser,
  VOLUME: convertVolume,
  WORKDIR: convertWorkdir,
};

/** Converts one instruction of a stage. */
export function convertInstruction(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const { keyword, comments } = instruction;
  if (keyword === "FROM") throw refuse("FROM begins a stage");
  stage.pending.push(...comments);
  converters[keyword](conversion, stage, instruction);
}

function keepTrigger(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const { source, heredocs, rest } = instruction;
  const documents = heredocs.map(({ name, content }) => `\n${content}${name}`).join("");
  const inner = { ...source, text: rest, pieces: [rest], comments: [], heredocs };
  const trigger = parseInstruction(inner, conversion.escapeToken);
  if (heredocs.length === 0 && heredocsOf(rest).length > 0) throw refuse("ONBUILD: the heredoc is not ended");
  // What Docker reads of these at once it also refuses at once.
  if (trigger.keyword === "ENV" || trigger.keyword === "LABEL") pairsOf(trigger);
  convertOnbuild(trigger, rest + documents, stage);
}

export interface StageStart {
  readonly instruction: Instruction;
  readonly runs: boolean;
  readonly isOnly: boolean;
  readonly isLast: boolean;
}

/** Begins a stage with its FROM, and does what ONBUILD of its base says. */
export function startStage(conversion: Conversion, start: StageStart): Stage {
  const { instruction, runs } = start;
  const { base, alias } = readFrom(instruction);
  const statements = [...declareAutomatic(conversion, instruction)];
  const word = wordToLua(conversion.parse(base), conversion.globals);
  if (word.constant === "") throw refuse(`FROM: the name of the image is empty: "${base}"`);
  const parent = word.preset === undefined ? undefined : conversion.findStage(word.preset);
  const name = alias?.toLowerCase();
  const { description, comments } = describe(name, instruction.comments);
  const local = conversion.names.take(name ?? (start.isLast ? "image" : `stage_${conversion.stages.length}`));
  const isScratch = parent === undefined && word.constant === "scratch";
  const chosen =
    parent === undefined || word.constant !== undefined ? undefined : chooseStage(conversion, local, parent, word);
  if (chosen !== undefined) statements.push(chosen.statement);
  const image = imageOf(word.lua, word.constant, platformOf(conversion, instruction));
  const stage: Stage = {
    name,
    description,
    comments,
    local,
    base: parent,
    runs,
    head: parent === undefined ? image : (chosen?.head ?? code(parent.local)),
    statements,
    steps: [],
    scope: chosen?.scope ?? parent?.scope.fork() ?? new Scope(isScratch ? undefined : foreign),
    env: new Map(chosen === undefined ? parent?.env : undefined),
    pending: [],
    dir: chosen === undefined ? (parent?.dir ?? (isScratch ? "/" : undefined)) : chosen.dir,
    hasSettings: chosen !== undefined || (parent?.hasSettings ?? false),
    config: new Map([...(parent?.config ?? [])].map(([key, { value }]) => [key, { value, comments: [] }])),
    cmdIsSet: false,
    triggers: [],
  };
  if (isScratch) stage.scope.set("PATH", constant("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
  stage.config.delete("onbuild");
  if (parent !== undefined && chosen?.isSame === false) {
    const message = `"${base}" may be several stages: the config is always that of "${parent.name}"`;
    conversion.warn(stage, instruction, message);
  }
  if (parent === undefined && /onbuild/.test(word.preset ?? "")) {
    conversion.warn(stage, instruction, "ONBUILD triggers of the base image are not run");
  }
  restoreEnv(stage);
  for (const trigger of parent?.triggers ?? []) convertInstruction(conversion, stage, trigger);
  return stage;
}

/** An ARG counts for more than an ENV of its name until the stage ends; in stages on it the ENV is back. */
function restoreEnv(stage: Stage): void {
  const hidden = [...stage.env].filter(
    ([name, { binding }]) => binding.type !== "foreign" && stage.scope.get(name) !== binding,
  );
  if (hidden.length === 0) return;
  for (const [name, { binding }] of hidden) stage.scope.set(name, binding);
  addCall(stage, "with_env", { type: "table", entries: hidden.map(([key, { value }]) => ({ key, value })) });
}

function readFrom({ words }: Instruction): { base: string; alias: string | undefined } {
  const [base = "", as, alias] = words;
  if (words.length === 1) return { base, alias: undefined };
  if (words.length !== 3 || as?.toLowerCase() !== "as" || alias === undefined) {
    throw refuse("FROM takes an image, or an image and a name", "write FROM image AS name");
  }
  if (/^[a-z][a-z0-9-_.]*$/.test(alias.toLowerCase())) return { base, alias };
  throw refuse(`FROM: "${alias}" cannot be the name of a stage`);
}

function describe(name: string | undefined, comments: readonly string[]) {
  const description = comments.find((comment) => name !== undefined && comment.startsWith(`${name} `));
  if (name === undefined || description === undefined) return { description: undefined, comments };
  return { description: description.slice(name.length + 1), comments: comments.filter((each) => each !== description) };
}

/** FROM may use the arguments that BuildKit sets without declaring them. */
function declareAutomatic(conversion: Conversion, instruction: Instruction) {
  const platform = flagOf(instruction, "platform") ?? "";
  const words = [instruction.words[0] ?? "", isPlatformName(platform) === undefined ? platform : ""];
  const names = words.flatMap((word) => variablesOf(conversion.parse(word)));
  return [...new Set(names)].flatMap((name) => {
    if (!isAutomatic(name) || conversion.globals.get(name) !== undefined) return [];
    const { binding, statements } = conversion.arguments.declare(
      { name, fallback: undefined, comments: [] },
      undefined,
    );
    conversion.globals.set(name, binding);
    return statements;
  });
}

function isPlatformName(word: string): "BUILDPLATFORM" | "TARGETPLATFORM" | undefined {
  const [, name] = /^"?\$\{?(BUILDPLATFORM|TARGETPLATFORM)\}?"?$/.exec(word) ?? [];
  return name === "BUILDPLATFORM" || name === "TARGETPLATFORM" ? name : undefined;
}

function platformOf(conversion: Conversion, instruction: Instruction): Lua | undefined {
  const platform = flagOf(instruction, "platform");
  if (platform === undefined) return undefined;
  const name =
    conversion.globals.get(isPlatformName(platform) ?? "") === undefined ? isPlatformName(platform) : undefined;
  if (name === "TARGETPLATFORM") return undefined;
  if (name === "BUILDPLATFORM") return record({ platform: code("bk.build_platform()") });
  const word = wordToLua(conversion.parse(platform), conversion.globals);
  if (word.constant === "") throw refuse(`FROM: the platform is empty: "${platform}"`);
  return record({ platform: word.lua });
}

/** Comments that stand over nothing any more go into the result. */
export function finishStage(stage: Stage): void {
  if (stage.pending.length === 0) return;
  const step = stage.steps.at(-1);
  if (step === undefined) addConfig(stage, "labels", []);
  else stage.steps[stage.steps.length - 1] = { ...step, comments: [...step.comments, ...takePending(stage)] };
}
