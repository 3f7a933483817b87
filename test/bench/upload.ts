import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandOf, type DaemonBench, type Part } from "./bench.ts";
import type { Case } from "./case.ts";
import { buildctlBuild, buildxBuild, define, luakitBuild } from "./client.ts";
import { prune, settled } from "./disk.ts";
import { fill, writeMany } from "./places.ts";

/** A tree to upload, which moves to have another name. */
interface Tree {
  path: string;
}

/** From a directory to the daemon. buildx copies what it sent, as no Dockerfile can do without. */
export async function* uploadCases(bench: DaemonBench): Part {
  const large: Tree = { path: join(bench.folder, "large") };
  mkdirSync(large.path);
  fill(join(large.path, "data"), 1024);
  yield upload(bench, large, {
    name: "upload 1 GiB",
    about: "a file of random bytes is sent",
    rounds: 4,
    isFresh: true,
  });
  rmSync(large.path, { recursive: true });
  await prune(bench);
  const many: Tree = { path: join(bench.folder, "many") };
  writeMany(many.path, 20_000);
  const about = "20,000 small files in 200 directories are sent";
  yield upload(bench, many, { name: "upload 20,000 files", about, rounds: 4, isFresh: true });
  yield upload(bench, many, {
    name: "upload, one of 20,000 changed",
    about: "the daemon has the files but one, which has changed",
    rounds: 7,
    prepare: () => writeFileSync(join(many.path, "changed"), crypto.randomUUID()),
  });
  yield upload(bench, many, { name: "upload, none changed", about: "the daemon has the 20,000 files", rounds: 7 });
  // What is taken back lies below what is left out: all of it has to be walked.
  writeFileSync(join(many.path, ".dockerignore"), "*\n!d1/f1*\n**/*.log\n!d19*/f19?00\n");
  yield upload(bench, many, {
    name: "walk with .dockerignore",
    about: "a .dockerignore of four patterns leaves a few of the 20,000 files, and the daemon has them",
    rounds: 7,
  });
  await prune(bench);
}

interface Upload extends Pick<Case, "name" | "about" | "rounds"> {
  /** True when the daemon must not know anything of it. */
  readonly isFresh?: boolean;
  /** What is done to the tree before each round. */
  readonly prepare?: () => void;
}

/** The daemon keeps what it got under a name, and asks only for what has changed: buildx's name is the path. */
function upload(bench: DaemonBench, tree: Tree, { isFresh = false, prepare = () => {}, ...row }: Upload): Case {
  const script = join(bench.folder, "upload.lua");
  writeFileSync(script, 'bk.export(bk.local_("context", { shared_key_hint = bk.arg("KEY") }))\n');
  const dockerfile = join(bench.folder, "upload.Dockerfile");
  writeFileSync(dockerfile, "FROM scratch\nCOPY . /\n");
  const kept = crypto.randomUUID();
  const key = (tool: string) => {
    prepare();
    return `--build-arg=KEY=${tool}-${isFresh ? crypto.randomUUID() : kept}`;
  };
  const ours = () => luakitBuild(bench, [key("luakit"), "--context", tree.path, script]);
  const theirs = () => {
    const definition = define(bench, script, [key("buildctl"), "--context", tree.path]);
    return { ...buildctlBuild(bench, [`--local=context=${tree.path}`]), stdin: definition };
  };
  const moved = () => {
    prepare();
    if (isFresh) move(tree, bench.folder);
    return [`--file=${dockerfile}`, tree.path];
  };
  const contenders = [
    commandOf(bench, "luakit", settled(ours)),
    commandOf(bench, "buildctl", settled(theirs)),
    ...buildxBuild(bench, settled(moved)),
  ];
  return { part: "transfer", contenders, hasWarmUp: !isFresh, ...row };
}

function move(tree: Tree, folder: string): void {
  const path = join(folder, crypto.randomUUID());
  renameSync(tree.path, path);
  tree.path = path;
}
