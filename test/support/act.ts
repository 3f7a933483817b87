import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { type CommandResult, capture, run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { variableOf } from "./action-script.ts";

const checkout = resolve(import.meta.dir, "../..");

export interface ActOptions {
  /** Variables of every step. */
  readonly env: Readonly<Record<string, string>>;
  /** Actions that cannot be fetched, `owner/name@ref`, to the directories that stand in for them. */
  readonly actions: Readonly<Record<string, string>>;
  /** Where the cache of GitHub Actions is. It is also the home directory. */
  readonly cache: string;
  /** First on PATH. */
  readonly bin: string;
}

/**
 * Runs a workflow of a repository for a pushed tag, with act on this machine instead of a runner of GitHub: no containers,
 * and a cache and artifacts of its own on loopback. The steps may do whatever the workflow says.
 */
export async function runWorkflow(repository: string, workflow: string, options: ActOptions): Promise<CommandResult> {
  const { env, actions, cache, bin } = options;
  const pairs = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const local = Object.entries(actions).flatMap(([name, path]) => ["--local-repository", `${name}=${path}`]);
  const runners = ["ubuntu-24.04", "ubuntu-24.04-arm"].flatMap((name) => ["--platform", `${name}=-self-hosted`]);
  const event = join(dirname(repository), "event.json");
  writeFileSync(event, JSON.stringify({ ref: "refs/tags/v1.0" }));
  const flags = [
    ...["push", "--json", "--action-offline-mode", "--secret", "GITHUB_TOKEN=token-of-a-test"],
    ...["--workflows", workflow, "--eventpath", event],
    ...["--cache-server-addr", "127.0.0.1", "--cache-server-path", cache],
    ...["--artifact-server-addr", "127.0.0.1", "--artifact-server-port", `${freePort()}`],
    ...["--artifact-server-path", join(cache, "artifacts")],
    ...runners,
    ...pairs,
    ...local,
  ];
  const own = { XDG_CACHE_HOME: join(cache, "act"), HOME: cache, PATH: [bin, process.env.PATH].join(delimiter) };
  return capture([await act(), ...flags], { cwd: repository, env: own });
}

/** luakit's own action as a repository that has only what the action needs. */
export function copyAction(directory: string): void {
  for (const name of ["action.yml", "package.json", "scripts/install.sh", "scripts/action"]) {
    cpSync(join(checkout, name), join(directory, name), { recursive: true });
  }
}

/** An action that runs one script of bash, with its inputs in variables `INPUT_…`. */
export function writeAction(directory: string, script: string, inputs: readonly string[] = []): void {
  const variables = inputs.map((name) => [variableOf(name), `\${{ inputs.${name} }}`]);
  const step = { shell: "bash", env: Object.fromEntries(variables), run: script };
  writeMetadata(directory, inputs, { using: "composite", steps: [step] });
}

/** Stands in for actions/github-script: an action in JavaScript, which a runner tells more, that gives outputs. */
export function writeScriptAction(directory: string): void {
  writeMetadata(directory, ["script"], { using: "node20", main: "main.cjs" });
  const main = `const fs = require("node:fs");
const setOutput = (name, value) => fs.appendFileSync(process.env.GITHUB_OUTPUT, name + "=" + value + "\\n");
new Function("core", process.env.INPUT_SCRIPT)({ setSecret() {}, setOutput });
`;
  writeFileSync(join(directory, "main.cjs"), main);
}

function writeMetadata(directory: string, inputs: readonly string[], runs: Readonly<Record<string, unknown>>): void {
  mkdirSync(directory, { recursive: true });
  const named = Object.fromEntries(inputs.map((name) => [name, { description: name }]));
  const metadata = { name: "stand-in", description: "stands in for an action on GitHub", inputs: named, runs };
  writeFileSync(join(directory, "action.yml"), JSON.stringify(metadata));
}

/** Makes a git repository of a directory, which has one commit, and the tag v1.0. */
export async function commitAll(directory: string, origin: string): Promise<void> {
  const git = ["git", "-c", "user.name=tester", "-c", "user.email=tester@example.com"];
  for (const words of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    ["commit", "-q", "-m", "site"],
    ["tag", "v1.0"],
    ["remote", "add", "origin", origin],
  ])
    await run([...git, ...words], { cwd: directory });
}

async function act(): Promise<string> {
  const place = { ...findPlace(), scripts: resolve(import.meta.dir) };
  return locked(place.cache, async () => {
    await installPrograms({ node: "nodejs" });
    return buildGoTool(place, {
      module: "act",
      version: "v0.2.82",
      package: "github.com/nektos/act",
      versionVariable: "main.version",
    });
  });
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
