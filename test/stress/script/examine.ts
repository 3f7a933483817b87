import { standardLibrary } from "../../../src/api/prelude.ts";
import { LuakitError } from "../../../src/diagnostic/luakit-error.ts";
import { formatScript } from "../../../src/format/format-script.ts";
import { openStylua, type Stylua } from "../../../src/format/open-stylua.ts";
import { defaultStyle } from "../../../src/format/style.ts";
import { decodeGraph } from "../../../src/graph/decode-graph.ts";
import { printGraph } from "../../../src/graph/print-graph.ts";
import { encodeDefinition } from "../../../src/llb/encode-definition.ts";
import { compileLua } from "../../../src/lua/glue.ts";
import { noBaseImages } from "../../../src/script/base-images.ts";
import { defineBuild, imageConfigOf } from "../../../src/script/define-build.ts";
import { type EvaluateOptions, evaluate } from "../../../src/script/evaluate.ts";
import { lintScript } from "../../../src/script/lint.ts";
import { decodeDefinition } from "../../support/definition.ts";
import { brokenRules } from "./definition-rules.ts";
import { unseemlyWord } from "./verdict.ts";
import { wrapModule } from "./wrap.ts";

/** What came of a script, and what is wrong with that. */
export interface Examined {
  readonly outcome: "definition" | "error" | "problem";
  readonly ops: number;
  readonly problems: readonly string[];
  /** What the script failed with, and what its calls did. */
  readonly error?: string | undefined;
  readonly said: readonly string[];
}

/** A script, and whether it is to be formatted too. */
export interface Question {
  readonly script: string;
  readonly format: boolean;
}

interface Run {
  readonly said: readonly string[];
  readonly definitions: readonly Uint8Array[];
  readonly configs: readonly string[];
  readonly error?: LuakitError;
}

const platform = { os: "linux", architecture: "amd64" };
const stylua = openStylua();
const lua = compileLua();

async function optionsOf(data: string, said: string[]): Promise<EvaluateOptions> {
  const modules = new Map([...standardLibrary, ["m", wrapModule]]);
  return {
    script: { name: "build.lua", data },
    path: "build.lua",
    modules: {
      find: (name) => {
        const text = modules.get(name);
        return text === undefined
          ? { tried: [name] }
          : { found: { file: { name: `${name}.lua`, data: text }, path: name } };
      },
    },
    ignorePatterns: () => ["ignored"],
    buildArguments: new Map(),
    hostVariable: () => undefined,
    hostHas: () => false,
    targetPlatform: platform,
    buildPlatform: platform,
    module: await lua,
    limits: { memory: 512 << 20, time: 60_000 },
    lastWords: () => ({ bytes: new Uint8Array(), descriptor: 2, linger: 0 }),
    log: (line) => said.push(line),
  };
}

async function run(data: string, everyTarget: boolean): Promise<Run> {
  const said: string[] = [];
  try {
    const { targets, warnings } = evaluate({ ...(await optionsOf(data, said)), everyTarget });
    said.push(...warnings.map(({ message }) => `W ${message}`));
    const definitions = targets.map((target) =>
      encodeDefinition(defineBuild(target, platform, noBaseImages, { sketch: true })),
    );
    const configs = [];
    for (const target of targets) configs.push(JSON.stringify(await imageConfigOf(target, platform, noBaseImages)));
    return { said, definitions, configs };
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    return { said, definitions: [], configs: [], error };
  }
}

/** Runs a script as every command would that needs no daemon, and compares what they say. `luakit fmt` takes long. */
export async function examine({ script: data, format }: Question): Promise<Examined> {
  const problems: string[] = [];
  try {
    const first = await run(data, true);
    const isTimed = /ran for more than|uses more than/.test(first.error?.message ?? "");
    if (!isTimed && !format) compareRuns("a second run", first, await run(data, true), problems);
    checkError(first, data, problems);
    for (const bytes of first.definitions) checkDefinition(bytes, problems);
    for (const line of first.said) checkText(line, problems);
    if (!isTimed) await checkLint(data, first, problems);
    if (!isTimed && format) await checkFormatted(data, first, await stylua, problems);
    const ops = first.definitions.reduce((sum, bytes) => sum + decodeDefinition(bytes).def.length, 0);
    const outcome = problems.length > 0 ? "problem" : first.error === undefined ? "definition" : "error";
    return { outcome, ops, problems, error: first.error?.message, said: first.said };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error);
    return { outcome: "problem", ops: 0, problems: [...problems, `a bug: ${text}`], said: [] };
  }
}

function compareRuns(what: string, first: Run, second: Run, problems: string[]): void {
  if (first.error?.message !== second.error?.message) {
    problems.push(`${what} ends differently: ${first.error?.message} | ${second.error?.message}`);
  }
  if (first.said.join("\n") !== second.said.join("\n")) problems.push(`${what} says other things`);
  if (first.configs.join("\n") !== second.configs.join("\n")) problems.push(`${what} gives another config`);
  const same = first.definitions.every((bytes, at) =>
    Buffer.from(bytes).equals(second.definitions[at] ?? new Uint8Array()),
  );
  if (!same || first.definitions.length !== second.definitions.length) problems.push(`${what} gives other bytes`);
}

function checkError({ error }: Run, data: string, problems: string[]): void {
  if (error === undefined) return;
  checkText(error.message, problems);
  checkText(error.hint ?? "", problems);
  const lines = data.trimEnd().split("\n").length;
  const { position } = error;
  if (position === undefined) problems.push(`an error names no line: ${error.message}`);
  // A script may say of its own errors where they are.
  else if (data.includes(`build.lua:${position.line}: `)) return;
  else if (position.file === "build.lua" && !(position.line >= 1 && position.line <= lines)) {
    problems.push(`an error is at line ${position.line} of ${lines}: ${error.message}`);
  }
}

function checkText(text: string, problems: string[]): void {
  const word = unseemlyWord(text);
  if (word !== undefined) problems.push(`"${word}" in: ${text.slice(0, 500)}`);
}

function checkDefinition(bytes: Uint8Array, problems: string[]): void {
  problems.push(...brokenRules(bytes));
  const graph = decodeGraph(bytes);
  const known = new Set(
    decodeDefinition(bytes).def.map((data) => new Bun.CryptoHasher("sha256").update(data).digest("hex")),
  );
  const json = JSON.parse(printGraph(graph, { format: "json" })) as {
    readonly vertices: readonly { digest: string }[];
  };
  const strange = json.vertices.filter(({ digest }) => !known.has(digest.replace("sha256:", "")));
  if (strange.length > 0 || json.vertices.length !== Math.max(0, known.size - 1))
    problems.push("luakit dag shows another graph");
  for (const format of ["dot", "text", "mermaid"] as const) checkText(printGraph(graph, { format }), problems);
}

async function checkLint(data: string, first: Run, problems: string[]): Promise<void> {
  const { error, findings } = lintScript(await optionsOf(data, []));
  // Configs are no part of a graph.
  if (first.error?.message !== error?.message && !(first.error !== undefined && first.definitions.length > 0)) {
    problems.push(`luakit validate and luakit build differ: ${error?.message} | ${first.error?.message}`);
  }
  for (const { problem } of findings) checkText(problem.message, problems);
}

async function checkFormatted(data: string, first: Run, format: Stylua, problems: string[]): Promise<void> {
  let formatted: string;
  try {
    formatted = formatScript("build.lua", data, defaultStyle, format);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    if (first.error?.code !== "script.syntax") problems.push(`luakit fmt: ${error.message}`);
    return;
  }
  const second = await run(formatted, true);
  const ops = ({ definitions }: Run) => definitions.flatMap((bytes) => decodeDefinition(bytes).def);
  if (!Buffer.concat(ops(first)).equals(Buffer.concat(ops(second))))
    problems.push("the formatted script gives another graph");
}
