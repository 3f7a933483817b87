import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type CommandResult, capture, run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";

const checkout = resolve(import.meta.dir, "../..");

export interface ActOptions {
  /** Variables of every step. */
  readonly env: Readonly<Record<string, string>>;
  /** Actions that cannot be fetched, `owner/name@ref`, to the directories that stand in for them. */
  readonly actions: Readonly<Record<string, string>>;
  /** Where the cache of GitHub Actions is. */
  readonly cache: string;
}

/**
 * Runs a workflow of a repository for a pushed tag, with act on this machine instead of a runner of GitHub: no containers,
 * and a cache and artifacts of its own on loopback. The steps may do whatever the workflow says.
 */
export async function runWorkflow(repository: string, workflow: string, options: ActOptions): Promise<CommandResult> {
  const { env, actions, cache } = options;
  const pairs = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const local = Object.entries(actions).flatMap(([name, path]) => ["--local-repository", `${name}=${path}`]);
  const runners = ["ubuntu-24.04", "ubuntu-24.04-arm"].flatMap((name) => ["--platform", `${name}=-self-hosted`]);
  const event = join(dirname(repository), "event.json");
  writeFileSync(event, JSON.stringify({ ref: "refs/tags/v1.0" }));
  const files = ["--workflows", workflow, "--eventpath", event, "--cache-server-path", cache];
  const loopback = ["--artifact-server-addr", "127.0.0.1", "--cache-server-addr", "127.0.0.1"];
  const server = ["--artifact-server-path", join(cache, "artifacts"), "--artifact-server-port", `${freePort()}`];
  const secret = ["--secret", "GITHUB_TOKEN=token-of-a-test"];
  return capture(
    [
      await act(),
      "push",
      "--json",
      "--action-offline-mode",
      ...runners,
      ...files,
      ...loopback,
      ...server,
      ...secret,
    ].concat(pairs, local),
    { cwd: repository, env: { XDG_CACHE_HOME: join(cache, "act"), DOCKER_HOST: "", HOME: cache } },
  );
}

/** luakit's own action as a repository that has only what the action needs. */
export function copyAction(directory: string): void {
  for (const name of ["action.yml", "package.json", "scripts/install.sh", "scripts/action"]) {
    cpSync(join(checkout, name), join(directory, name), { recursive: true });
  }
}

/** An action that runs one script of bash, with its inputs in variables. */
export function writeAction(directory: string, script: string, inputs: readonly string[] = []): void {
  mkdirSync(directory, { recursive: true });
  const variables = inputs.map((name) => [name.toUpperCase().replaceAll("-", "_"), `\${{ inputs.${name} }}`]);
  const action = {
    name: "stand-in",
    description: "stands in for an action that is on GitHub",
    inputs: Object.fromEntries(inputs.map((name) => [name, { description: name }])),
    runs: { using: "composite", steps: [{ shell: "bash", env: Object.fromEntries(variables), run: script }] },
  };
  writeFileSync(join(directory, "action.yml"), JSON.stringify(action));
}

/** Makes a git repository of a directory, which has one commit with a tag. */
export async function commitAll(directory: string): Promise<void> {
  const git = ["git", "-c", "user.name=tester", "-c", "user.email=tester@example.com"];
  for (const words of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    ["commit", "-q", "-m", "site"],
    ["tag", "v1.0"],
    ["remote", "add", "origin", "https://github.com/acme/site"],
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
