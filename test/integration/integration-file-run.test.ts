import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { YAML } from "bun";
import { type CommandResult, capture, run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { commitAll } from "../support/act.ts";
import { inDirectory, luakit, unique } from "../support/build.ts";
import { debianPackage } from "../support/debian-package.ts";
import { readPipeline } from "../support/groovy-tool.ts";
import { ownRelease } from "../support/release-folder.ts";
import { openReleaseServer } from "../support/release-server.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const checkout = resolve(import.meta.dir, "../..");
const examples = join(checkout, "examples/integration");
const { addr, authRegistry, docker, images, moby, registry } = testbed();
const host = authRegistry.host;

describe.concurrent("examples/integration", () => {
  test("gitlab-ci: gitlab-ci-local runs the jobs, which push an image and its cache", () =>
    inExample("gitlab-ci", async (directory, env) => {
      const owner = unique();
      const config = join(directory, ".gitlab-ci.yml");
      // A service is a container, and there is none here: the testbed's daemon takes its place.
      const {
        build,
        ...others
      }: Record<string, Record<string, unknown>> = JSON.parse(JSON.stringify(YAML.parse(readFileSync(config, "utf8"))));
      const { services, ...rest } = build ?? {};
      expect(services).toBeArrayOfSize(1);
      writeFileSync(config, JSON.stringify({ ...others, build: rest }));
      await commitAll(directory, "git@gitlab.example.com:acme/site.git");
      await locked(findPlace().cache, () => installPrograms({ rsync: "rsync" }));
      const variables = {
        BUILDKIT_HOST: addr,
        CI_REGISTRY: host,
        CI_REGISTRY_IMAGE: `${host}/${owner}/site`,
        CI_REGISTRY_USER: authRegistry.username,
        CI_REGISTRY_PASSWORD: authRegistry.password,
      };
      const flags = Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
      const program = join(checkout, "node_modules/gitlab-ci-local/dist/index.js");
      const words = [process.execPath, program, "--force-shell-executor", ...flags];
      expectSuccess(await capture(words, { cwd: directory, env }));
      const commit = await run(["git", "rev-parse", "--short=8", "HEAD"], { cwd: directory });
      expect(await digestWithLogin(`${owner}/site`, commit)).toBe(builtDigest(directory));
      expect(await digestWithLogin(`${owner}/site/cache`, "latest")).toStartWith("sha256:");
    }));

  test("jenkins: the steps of the Jenkinsfile push an image, and print no password", () =>
    inExample("jenkins", async (directory, env) => {
      const file = join(directory, "Jenkinsfile");
      const repository = `${unique()}/site`;
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("acme/site", repository));
      const { environment, steps } = await readPipeline(file);
      const texts = Object.entries({ ...environment, BUILDKIT_HOST: addr, BUILD_NUMBER: "7" });
      const variables = texts.map(([name, value]) => [name, value.replaceAll("registry.example.com", host)]);
      for (const { sh, archive, credentials = [] } of steps) {
        if (archive !== undefined) expect(existsSync(join(directory, archive))).toBe(true);
        if (sh === undefined) continue;
        const { username, password } = authRegistry;
        const lent = credentials.flatMap((each) => [
          [each.usernameVariable, username],
          [each.passwordVariable, password],
        ]);
        const own = { ...env, ...Object.fromEntries([...variables, ...lent]) };
        const result = expectSuccess(await capture(["sh", "-xe", "-c", sh], { cwd: directory, env: own }));
        const printed = result.stdout + result.stderr;
        for (const secret of [password, btoa(`${username}:${password}`)]) expect(printed).not.toContain(secret);
      }
      expect(await digestWithLogin(repository, "7")).toBe(builtDigest(directory));
    }));

  test("jenkins: a section that there is not is refused", () =>
    inExample("jenkins", async (directory) => {
      const file = join(directory, "Jenkinsfile");
      writeFileSync(file, readFileSync(file, "utf8").replace("stages {", "stagess {"));
      await expect(readPipeline(file)).rejects.toThrow("Pipeline has no stagess");
    }));

  test("circleci: the steps install luakit, log in and push by the Docker Engine", () =>
    inExample("circleci", async (directory, env) => {
      const repository = `${unique()}/site`;
      takeBaseFromTestbed(directory);
      await using server = openReleaseServer({ releases: { "0.1.0": await ownRelease() }, latest: "0.1.0" });
      const text = readFileSync(join(directory, ".circleci/config.yml"), "utf8")
        .replaceAll("https://github.com/luakit-build/luakit/releases", server.url)
        .replaceAll("acme/site", repository);
      const config: CircleConfig = JSON.parse(JSON.stringify(YAML.parse(text)));
      const commands = config.jobs.image.steps.flatMap((step) => (typeof step === "object" ? (step.run ?? []) : []));
      expect(commands.length).toBe(3);
      const bashEnv = join(directory, "bash-env");
      writeFileSync(bashEnv, "");
      const own = {
        ...env,
        BASH_ENV: bashEnv,
        LUAKIT_RELEASES: server.url,
        BUILDKIT_HOST: "",
        DOCKER_HOST: (moby ?? docker)?.host ?? "",
        CIRCLE_SHA1: "0123456789abcdef",
        ...config.jobs.image.environment,
        REGISTRY: host,
        REGISTRY_USER: authRegistry.username,
        REGISTRY_PASSWORD: authRegistry.password,
      };
      for (const { command } of commands) {
        expectSuccess(await capture(["bash", "-eo", "pipefail", "-c", command], { cwd: directory, env: own }));
      }
      expect(await digestWithLogin(repository, own.CIRCLE_SHA1)).toBe(builtDigest(directory));
      expect(existsSync(join(directory, "home/bin/luakit"))).toBe(true);
    }));

  test("skaffold: the build command does what Skaffold says in its variables", () =>
    inExample("skaffold", async (directory, env) => {
      const { build } = JSON.parse(JSON.stringify(YAML.parse(readFileSync(join(directory, "skaffold.yaml"), "utf8"))));
      takeBaseFromTestbed(directory);
      const command: string = build.artifacts[0].custom.buildCommand;
      const image = `${registry}/${unique()}/site:v1.2`;
      const asked = {
        IMAGE: image,
        PUSH_IMAGE: "true",
        PLATFORMS: "linux/amd64,linux/arm64",
        BUILD_CONTEXT: directory,
      };
      expectSuccess(await capture(["sh", "-c", command], { cwd: directory, env: { ...env, ...asked } }));
      expect((await fetchManifest(image)).manifests?.length).toBe(2);
      const engine = { BUILDKIT_HOST: "", DOCKER_HOST: docker?.host ?? "" };
      const here = { ...env, ...engine, IMAGE: `${unique()}:v1.2`, PUSH_IMAGE: "false", PLATFORMS: "" };
      expectSuccess(await capture(["sh", "-c", command], { cwd: directory, env: here }));
      const client = [docker?.docker ?? "docker", "--host", docker?.host ?? ""];
      expect(await run([...client, "image", "rm", here.IMAGE])).toContain(here.IMAGE);
    }));

  test("tilt: the Tiltfile's command pushes the name that Tilt expects", () =>
    inExample("tilt", async (directory, env) => {
      const { builds, manifests, ports } = await readTiltfile(directory);
      expect({ manifests, ports }).toEqual({ manifests: ["site.yaml"], ports: ["8080:80"] });
      expect(builds.map(({ ref }) => ref)).toEqual(["site"]);
      for (const { command, deps } of builds) {
        expect(deps.filter((path) => !existsSync(join(directory, path)))).toEqual([]);
        const image = `${registry}/${unique()}:tilt-build-1`;
        const own = { ...env, EXPECTED_REF: image };
        expectSuccess(await capture(["sh", "-c", command], { cwd: directory, env: own }));
        expect((await fetchConfig(image)).config.Cmd).toEqual(["httpd", "-f", "-h", "/www"]);
      }
    }));

  test("packer: packer builds an archive with its checksum", () =>
    inExample("packer", async (directory, env) => {
      const packer = join(await debianPackage("packer", "amd64"), "usr/bin/packer");
      const own = { ...env, CHECKPOINT_DISABLE: "1" };
      const call = (...words: string[]) => capture([packer, ...words, "site.pkr.hcl"], { cwd: directory, env: own });
      for (const words of [["fmt", "-check"], ["validate"], ["build", "-var", "version=1.2"]])
        expectSuccess(await call(...words));
      await run(["sha256sum", "--check", "site.tar.sha256"], { cwd: directory });
      expect(await run(["tar", "-xOf", "site.tar", "manifest.json"], { cwd: directory })).toContain("site:1.2");
    }));
});

interface CircleConfig {
  readonly jobs: {
    readonly image: {
      readonly environment: Readonly<Record<string, string>>;
      readonly steps: readonly (string | { readonly run?: { readonly command: string } })[];
    };
  };
}

/** Calls with a copy of an example, and variables with which luakit builds on the testbed. */
function inExample(
  name: string,
  use: (directory: string, env: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<unknown> {
  return inDirectory((directory) => {
    cpSync(join(examples, name), directory, { recursive: true });
    const home = join(directory, "home");
    mkdirSync(home);
    const mirrors = `docker.io=${registry}`;
    const path = [dirname(luakit), process.env.PATH].join(delimiter);
    return use(directory, { PATH: path, HOME: home, BUILDKIT_HOST: addr, LUAKIT_REGISTRY_MIRRORS: mirrors });
  });
}

/** An engine knows no mirror. */
function takeBaseFromTestbed(directory: string): void {
  const file = join(directory, "build.lua");
  writeFileSync(file, readFileSync(file, "utf8").replace(`bk.image("busybox:1")`, `bk.image("${images.multi}")`));
}

function expectSuccess(result: CommandResult): CommandResult {
  if (result.exitCode !== 0) throw new Error(`exit code ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
  return result;
}

/** What `--metadata-file built.json` says. */
function builtDigest(directory: string): string {
  return JSON.parse(readFileSync(join(directory, "built.json"), "utf8"))["containerimage.digest"];
}

async function digestWithLogin(repository: string, tag: string): Promise<string | null> {
  const accept =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json";
  const authorization = `Basic ${btoa(`${authRegistry.username}:${authRegistry.password}`)}`;
  const response = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    headers: { accept, authorization },
  });
  if (!response.ok) throw new Error(`${repository}:${tag}: ${response.status}`);
  return response.headers.get("docker-content-digest");
}

interface Tiltfile {
  readonly builds: readonly { readonly ref: string; readonly command: string; readonly deps: readonly string[] }[];
  readonly manifests: readonly string[];
  readonly ports: readonly string[];
}

/** What a Tiltfile declares, read by the Starlark that Tilt has; functions that are not named here are errors. */
async function readTiltfile(directory: string): Promise<Tiltfile> {
  const place = { ...findPlace(), scripts: resolve(import.meta.dir, "../support") };
  const starlark = await locked(place.cache, () =>
    buildGoTool(place, {
      module: "starlark",
      version: "v0.0.0-20260908191801",
      package: "go.starlark.net/cmd/starlark",
      versionVariable: "main.version",
    }),
  );
  const before = `
seen = {"builds": [], "manifests": [], "ports": []}
def default_registry(host): pass
def sync(local, remote): return [local, remote]
def custom_build(ref, command, deps, skips_local_docker=False, live_update=[]):
    seen["builds"].append({"ref": ref, "command": command, "deps": deps})
def k8s_yaml(yaml): seen["manifests"].append(yaml)
def k8s_resource(workload, port_forwards): seen["ports"].append(port_forwards)
`;
  const text = readFileSync(join(directory, "Tiltfile"), "utf8");
  const file = join(directory, "whole.star");
  writeFileSync(file, `${before}\n${text}\nprint(json.encode(seen))\n`);
  const { exitCode, stderr } = await capture([starlark, file]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stderr);
}
