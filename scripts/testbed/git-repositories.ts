import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";
import { needProgram } from "./debian.ts";
import type { GitCommits } from "./record.ts";

/** Settings of the person and the machine must not change what the repositories are. */
const isolated = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
const committer = "committer Testbed <testbed@example.com> 1704067200 +0000";

type Marks = Readonly<Record<string, string>>;

/** Writes the bare repositories below `root`; commit ids are the same on every machine. */
export async function writeRepositories(root: string): Promise<GitCommits> {
  rmSync(root, { recursive: true, force: true });
  const { "1": module = "" } = await writeRepository(root, "module.git", moduleStream);
  const marks = await writeRepository(root, "sample.git", sampleStream(module));
  const { "1": secret = "" } = await writeRepository(root, "private.git", privateStream);
  return { first: marks["1"] ?? "", main: marks["2"] ?? "", feature: marks["3"] ?? "", module, private: secret };
}

const moduleStream = [
  "commit refs/heads/main",
  "mark :1",
  committer,
  ...data("Begin the module"),
  "M 100644 inline module.txt",
  ...data("from the submodule\n"),
];

const privateStream = [
  "commit refs/heads/main",
  "mark :1",
  committer,
  ...data("Begin in private"),
  "M 100644 inline private.txt",
  ...data("only with a token\n"),
];

function sampleStream(module: string): string[] {
  return [
    ...["commit refs/heads/main", "mark :1", committer, ...data("Begin")],
    ...["M 100644 inline README.md", ...data("first\n")],
    ...["commit refs/heads/main", "mark :2", committer, ...data("Add what tests look at"), "from :1"],
    ...["M 100644 inline README.md", ...data("main\n")],
    ...["M 100644 inline sub/dir/file.txt", ...data("in a subdirectory\n")],
    ...["M 100755 inline bin/run.sh", ...data("#!/bin/sh\necho cloned\n")],
    ...["M 120000 inline link", ...data("README.md")],
    ...["M 100644 inline .gitmodules", ...data('[submodule "module"]\n\tpath = module\n\turl = ../module.git\n')],
    `M 160000 ${module} module`,
    ...["commit refs/heads/feature", "mark :3", committer, ...data("Add a feature"), "from :2"],
    ...["M 100644 inline feature.txt", ...data("on the branch\n")],
    ...["tag v1.0", "from :2", committer.replace("committer", "tagger"), ...data("Release")],
    ...["reset refs/tags/v0.1", "from :1"],
  ];
}

/** A `data` command of git fast-import. */
function data(text: string): string[] {
  return [`data ${Buffer.byteLength(text)}`, text];
}

async function writeRepository(root: string, name: string, stream: readonly string[]): Promise<Marks> {
  const directory = join(root, name);
  const marks = join(root, `${name}.marks`);
  const git = (args: readonly string[], stdin?: Uint8Array) =>
    run([needProgram("git"), ...args], { cwd: directory, env: isolated, ...(stdin === undefined ? {} : { stdin }) });
  mkdirSync(directory, { recursive: true });
  await git(["init", "--quiet", "--bare", "--initial-branch=main"]);
  await git(["fast-import", "--quiet", `--export-marks=${marks}`], new TextEncoder().encode(`${stream.join("\n")}\n`));
  // A checksum names a commit that may be no branch's tip.
  await git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  return existsSync(marks) ? parseMarks(readFileSync(marks, "utf8")) : {};
}

function parseMarks(text: string): Marks {
  const lines = text.trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.slice(1).split(" ")));
}
