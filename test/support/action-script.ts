import { mkdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { YAML } from "bun";
import { type CommandResult, capture } from "../../scripts/testbed/command.ts";
import { inDirectory, luakit } from "./build.ts";
import { writeScript } from "./luakit.ts";
import { listFiles } from "./stage.ts";
import { testbed } from "./testbed.ts";

const checkout = resolve(import.meta.dir, "../..");

/** action.yml, as far as tests look. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly env?: Readonly<Record<string, string>>; readonly run?: string }[];
  };
}

export function readAction(): Action {
  return JSON.parse(JSON.stringify(YAML.parse(readFileSync(join(checkout, "action.yml"), "utf8"))));
}

/** The name of the variable that hands an input over. */
export function variableOf(input: string): string {
  return `INPUT_${input.toUpperCase().replaceAll("-", "_")}`;
}

export interface ActionResult extends CommandResult {
  /** What the step gives, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Everything below the working directory afterwards: names to texts. */
  readonly files: Readonly<Record<string, string>>;
}

/** Runs the action's build step on a script, with the inputs' defaults, in the environment that a runner gives to it. */
export function buildByAction(
  script: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  return inDirectory(async (directory) => {
    const work = join(directory, "work");
    writeScript(work, script);
    mkdirSync(join(directory, "temp"));
    const files = { GITHUB_OUTPUT: join(directory, "output"), GITHUB_STEP_SUMMARY: join(directory, "summary") };
    for (const file of Object.values(files)) await Bun.write(file, "");
    const result = await capture(["bash", join(checkout, "scripts/action/build.sh")], {
      cwd: work,
      env: { ...runnerVariables(directory), ...files, ...variablesOf(inputs), ...env },
    });
    return {
      ...result,
      outputs: parseOutputs(readFileSync(files.GITHUB_OUTPUT, "utf8")),
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
      files: readFiles(work),
    };
  });
}

function runnerVariables(directory: string): Record<string, string> {
  const { addr, registry } = testbed();
  return {
    PATH: [dirname(luakit), process.env.PATH].join(delimiter),
    HOME: directory,
    RUNNER_TEMP: join(directory, "temp"),
    GITHUB_ACTIONS: "true",
    BUILDKIT_HOST: addr,
    LUAKIT_REGISTRY_MIRRORS: `docker.io=${registry}`,
    GHA_TOKEN: "",
    GHA_RESULTS_URL: "",
    GHA_CACHE_URL: "",
    GHA_CACHE_V2: "",
  };
}

function variablesOf(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const defaults = Object.entries(readAction().inputs).map(([name, input]) => [name, input.default] as const);
  const all = [...defaults, ...Object.entries(inputs)];
  return Object.fromEntries(all.map(([name, value]) => [variableOf(name), value]));
}

/** `name=value` lines, and `name<<END` with the lines up to END. */
function parseOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^([a-z]+)(?:=(.*)|<<(.*)\n([\s\S]*?)\n\3)$/gm);
  return Object.fromEntries([...found].map(([, name = "", value, , lines]) => [name, value ?? lines ?? ""]));
}

function readFiles(directory: string): Record<string, string> {
  const names = listFiles(directory).filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}
