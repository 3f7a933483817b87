import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Files, inDirectory, unique, writeFiles } from "../support/build.ts";
import { type ClientResult, expectSuccess } from "../support/client.ts";
import { gatewayBuild } from "../support/gateway-build.ts";
import { runLuakit } from "../support/luakit.ts";
import { buildctlBuild, type FetchedConfig, fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { addr, images, registry } = testbed();
const { busybox, configured, multi } = images;

interface Case {
  readonly title: string;
  readonly script: string;
  readonly files?: Files;
  readonly platforms?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Attributes of the image exporter. */
  readonly output?: string;
  /** buildctl alone makes no index. */
  readonly roles?: readonly (keyof typeof roles)[];
}

const cases: readonly Case[] = [
  {
    title: "a config of every field",
    script: `bk.export(bk.scratch():mkfile("/x", "${unique()}", {created = 0}), {
      entrypoint = {"/x"}, cmd = {"a", "b"}, env = {A = "1", B = "two words"}, user = "app:app", workdir = "/work",
      expose = {80, "53/udp"}, volumes = {"/data"}, labels = {b = "2", a = "1"}, stop_signal = "SIGINT",
      shell = {"/bin/ash", "-c"}, healthcheck = {test = {"CMD", "true"}, interval = "30s", retries = 3},
      author = "me", created = "2020-01-02T03:04:05Z",
    })`,
  },
  {
    title: "a base image's config, changed",
    script: `bk.export(bk.image("${configured}"):run("echo ${unique()} > /tmp/x"), {env = {MORE = "1"}, labels = {l = "m"}})`,
  },
  {
    title: "no config at all, with text that must be taken as it is",
    script: `bk.export(bk.image("${busybox}"):run("echo 'ä \\t é' ${unique()} > /x"))`,
  },
  {
    title: "files of the context, less what is ignored",
    script: 'bk.export(bk.scratch():copy(bk.local_("context"), "/", "/", {created = 5}))',
    files: { "keep.txt": "kept", "drop.log": "", "dir/a.txt": "a", ".dockerignore": "*.log\nbuild.lua\nout\n" },
  },
  {
    title: "modules and build arguments",
    script: `local words = require("lib.words")
      bk.export(bk.image("${busybox}"):run("echo " .. words.said() .. " ${unique()} > /x"), {labels = {said = words.said()}})`,
    files: { "lib/words.lua": 'return {said = function() return bk.arg("WORD", "none") end}' },
    buildArgs: { WORD: "hello" },
  },
  {
    title: "differences and merges",
    script: `local base = bk.image("${busybox}")
      local one = bk.diff(base, base:run("echo ${unique()} > /one && rm /bin/busybox-none 2>/dev/null; true"))
      local two = bk.scratch():mkfile("/two", "2", {created = 1})
      bk.export(bk.merge(bk.image("${configured}"), one, two), {cmd = {"/one"}})`,
  },
  {
    title: "times that are rewritten",
    script: `bk.export(bk.image("${busybox}"):run("echo ${unique()} > /x"):mkfile("/y", "y"), {labels = {a = "b"}})`,
    buildArgs: { SOURCE_DATE_EPOCH: "1700000000" },
    output: ",rewrite-timestamp=true",
  },
  {
    title: "another platform",
    script: `bk.export(bk.image("${multi}"):mkfile("/for", tostring(bk.target_platform()), {created = 0}))`,
    platforms: ["linux/arm64"],
  },
  {
    title: "several platforms",
    script: `bk.export(bk.image("${multi}"):mkfile("/for", tostring(bk.target_platform()), {created = 0}), {
      labels = {["for"] = tostring(bk.target_platform())}, annotations = {note = "n"}})`,
    platforms: ["linux/amd64", "linux/arm64"],
    roles: ["solve", "gateway"],
  },
  {
    title: "a Dockerfile and a step after it",
    script: `bk.export(bk.dockerfile():run("echo after ${unique()} > /after"), {env = {MORE = "1"}})`,
    files: { Dockerfile: `FROM ${configured}\nRUN echo ${unique()} > /tmp/before\nLABEL by=dockerfile\nUSER root\n` },
    roles: ["solve", "gateway"],
  },
];

interface Build extends Case {
  readonly directory: string;
  readonly name: string;
}

const flagsOf = ({ platforms = [], buildArgs = {} }: Case) => [
  ...platforms.map((platform) => `--platform=${platform}`),
  ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
];

/** The exporter takes this time where no frontend gets it. */
const epochOf = ({ buildArgs = {} }: Case) =>
  buildArgs.SOURCE_DATE_EPOCH === undefined ? "" : `,source-date-epoch=${buildArgs.SOURCE_DATE_EPOCH}`;

const roles = {
  async emit(build: Build): Promise<ClientResult> {
    const { directory, name, output = "" } = build;
    const run = async (word: string, ...words: readonly string[]) => {
      const result = await runLuakit([word, ...words, ...flagsOf(build)], { cwd: directory });
      expectSuccess(result);
      return result;
    };
    const { bytes: definition } = await run("build");
    const config = (await run("config", "--output-attr")).stdout.trim();
    const exporter = `type=image,name=${name},push=true,${config}${output}${epochOf(build)}`;
    return buildctlBuild({ definition, locals: { context: directory }, output: [exporter] });
  },
  solve(build: Build): Promise<ClientResult> {
    const { directory, name, output = "" } = build;
    const exporter = `--output=type=image,name=${name},push=true${output}`;
    return runLuakit(["build", "--solve", "--addr", addr, exporter, ...flagsOf(build)], { cwd: directory });
  },
  gateway({ directory, name, platforms = [], buildArgs = {}, output = "" }: Build): Promise<ClientResult> {
    return gatewayBuild({
      directory,
      buildArgs,
      locals: { context: directory },
      opts: platforms.length === 0 ? {} : { platform: platforms.join(",") },
      output: [`type=image,name=${name},push=true${output}`],
    });
  },
};

interface Made {
  readonly layers: readonly (readonly string[])[];
  readonly configs: readonly Omit<FetchedConfig, "history">[];
  readonly annotations: unknown;
}

async function made(name: string, { platforms = [] }: Case): Promise<Made> {
  const architectures = platforms.length === 0 ? ["amd64"] : platforms.map((each) => each.split("/")[1] ?? "");
  const index = await fetchManifest(name);
  const repository = name.slice(0, name.lastIndexOf(":"));
  const manifests = await Promise.all(
    (index.manifests ?? [{ digest: index.digest }]).map(({ digest }) => fetchManifest(`${repository}@${digest}`)),
  );
  const configs = await Promise.all(architectures.map((each) => fetchConfig(name, each)));
  return {
    layers: manifests.map(({ layers = [] }) => layers.map(({ digest }) => digest)),
    configs: configs.map((config) => sameAlways(config)),
    annotations: manifests.map(({ annotations }) => annotations),
  };
}

/** Without the time of the build, which the exporter puts into a config that names none. */
function sameAlways(config: FetchedConfig): FetchedConfig {
  const isNow = (time: unknown) => typeof time === "string" && Date.now() - Date.parse(time) < 600_000;
  const { created, history = [], ...rest } = config;
  const kept = history.map(({ created: at, ...each }) => (isNow(at) ? each : { ...each, created: at }));
  return { ...rest, ...(isNow(created) ? {} : { created: created ?? "" }), history: kept };
}

describe.concurrent("an image is the same in every role", () => {
  test.each(cases.map((each) => [each.title, each] as const))("%s", async (_, given) => {
    const results = await inDirectory(async (directory) => {
      writeFiles(directory, { ...given.files, "build.lua": given.script });
      const all: (readonly [string, Made])[] = [];
      for (const role of given.roles ?? (["emit", "solve", "gateway"] as const)) {
        const name = `${registry}/roles:${unique()}`;
        expectSuccess(await roles[role]({ ...given, directory, name }));
        all.push([role, await made(name, given)]);
      }
      return all;
    });
    const [[, first] = ["", undefined], ...others] = results;
    expect(first?.layers.flat().length).toBeGreaterThan(0);
    for (const [role, other] of others) expect({ role, ...other }).toEqual({ role, ...(first ?? other) });
  });
});
