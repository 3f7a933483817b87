import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { commitAll, copyAction, runWorkflow, writeAction, writeScriptAction } from "../support/act.ts";
import { inDirectory, unique } from "../support/build.ts";
import { ownRelease } from "../support/release-folder.ts";
import { openReleaseServer } from "../support/release-server.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const example = resolve(import.meta.dir, "../../examples/integration/github-actions");
const { version } = packageJson;

describe.concurrent("the workflows of examples/integration/github-actions, run by act", () => {
  test("publish.yml installs luakit, pushes an image, and fills the cache of GitHub Actions", () =>
    inRepository(async ({ repository, image, run }) => {
      const { stdout, requests } = await run("publish.yml");
      const { digest } = await fetchManifest(`${image}:${await commitOf(repository)}`);
      expect(stdout).toContain(`${image}@${digest}`);
      expect(stdout).toContain("exporting to GitHub Actions Cache");
      expect(stdout).not.toContain("is left out");
      expect(requests).toContain(`/luakit-build/luakit/releases/download/v${version}/SHA256SUMS`);
    }));

  test("platforms.yml builds each platform in a job of its own, and pushes one index", () =>
    inRepository(async ({ image, run }) => {
      await run("platforms.yml");
      const { manifests = [] } = await fetchManifest(`${image}:v1.0`);
      expect(manifests.map(({ platform }) => platform?.architecture).sort()).toEqual(["amd64", "arm64"]);
      for (const architecture of ["amd64", "arm64"]) {
        expect(await fetchConfig(`${image}:v1.0`, architecture)).toMatchObject({ architecture });
      }
    }));
});

interface Repository {
  readonly repository: string;
  /** The image's name without a tag. */
  readonly image: string;
  /** Gives what was printed, and what the release server was asked for; throws when the workflow fails. */
  readonly run: (workflow: string) => Promise<{ readonly stdout: string; readonly requests: readonly string[] }>;
}

/** The example as a repository of GitHub's, whose registry and base image are those of the testbed. */
function inRepository(use: (repository: Repository) => Promise<void>): Promise<void> {
  return inDirectory(async (directory) => {
    const { addr, buildx, registry, images } = testbed();
    const repository = join(directory, "repository");
    const cache = join(directory, "cache");
    const bin = join(directory, "bin");
    const owner = unique();
    cpSync(example, repository, { recursive: true });
    replaceIn(join(repository, "build.lua"), `bk.image("busybox:1")`, `bk.image("${images.multi}")`);
    const workflows = join(repository, ".github/workflows");
    for (const name of readdirSync(workflows)) replaceIn(join(workflows, name), "ghcr.io/", `${registry}/`);
    await commitAll(repository, `https://github.com/${owner}/site`);
    await using server = openReleaseServer({ releases: { [version]: await ownRelease() }, latest: version });
    const actions = writeActions(join(directory, "actions"));
    mkdirSync(bin);
    writeFileSync(join(bin, "luakit"), "#!/bin/sh\necho luakit 0.0.1\n", { mode: 0o755 });
    mkdirSync(join(cache, ".docker/cli-plugins"), { recursive: true });
    symlinkSync(buildx ?? "", join(cache, ".docker/cli-plugins/docker-buildx"));
    const env = { BUILDKIT_HOST: addr, LUAKIT_RELEASES: server.url };
    const run = async (workflow: string) => {
      const path = join(workflows, workflow);
      const result = await runWorkflow(repository, path, { env, actions, cache, bin });
      if (result.exitCode !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
      return { stdout: result.stdout, requests: server.requests };
    };
    await use({ repository, image: `${registry}/${owner}/site`, run });
  });
}

/** luakit's own action, and what stands in for those that are on GitHub. */
function writeActions(directory: string): Record<string, string> {
  const place = (name: string) => join(directory, name);
  const script = /uses: (actions\/github-script@\S+)/.exec(
    readFileSync(resolve(example, "../../../action.yml"), "utf8"),
  );
  copyAction(place("luakit"));
  writeScriptAction(place("script"));
  writeAction(place("nothing"), "true");
  writeAction(place("upload"), `mkdir -p '${place("kept")}' && cp -r "$INPUT_PATH"/. '${place("kept")}'`, [
    "name",
    "path",
  ]);
  writeAction(place("download"), `mkdir -p "$INPUT_PATH" && cp -r '${place("kept")}'/. "$INPUT_PATH"`, [
    "path",
    "pattern",
    "merge-multiple",
  ]);
  return {
    [`luakit-build/luakit@v${version}`]: place("luakit"),
    [script?.[1] ?? ""]: place("script"),
    "docker/login-action@v3": place("nothing"),
    "docker/setup-buildx-action@v3": place("nothing"),
    "actions/upload-artifact@v4": place("upload"),
    "actions/download-artifact@v4": place("download"),
  };
}

function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
}

async function commitOf(repository: string): Promise<string> {
  return (await Bun.$`git -C ${repository} rev-parse HEAD`.quiet().text()).trim();
}
