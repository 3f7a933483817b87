import { join } from "node:path";
import { commandOf, type DaemonBench, type Part } from "./bench.ts";
import type { Case, Contender } from "./case.ts";
import { buildctlBuild, buildxBuild, define, luakitBuild } from "./client.ts";
import { writeTexts } from "./places.ts";
import { stages } from "./script-texts.ts";

/** Builds of which the daemon has everything: what is left is the client, and asking. */
export async function* solveCases(bench: DaemonBench): Part {
  yield workers(bench);
  const image = bench.bed.images.busybox;
  const small = {
    script: `local site = bk.local_("context", { include = { "site" } })
bk.export(bk.image("${image}"):copy(site, "site", "/www"):run("echo dev > /www/version.txt"))
`,
    dockerfile: `FROM ${image}\nCOPY site /www\nRUN echo dev > /www/version.txt\n`,
  };
  const what = "from build.lua; buildctl and buildx from a Dockerfile, the Go luakit into buildctl's stdin";
  yield { ...cached(bench, "cached", small), name: "cached build", about: `an image, a copy and a step, ${what}` };
  yield {
    ...cached(bench, "stages", stages(image)),
    name: "cached build in stages",
    about: `six stages with 35 steps, ${what}`,
  };
}

/** From the start of the process to the first answer of the daemon, and its end. */
function workers(bench: DaemonBench): Case {
  const { luakit, bed, daemon, buildx } = bench;
  const contenders: Contender[] = [
    commandOf(bench, "luakit", { argv: [luakit, "workers", "--addr", daemon.addr] }),
    commandOf(bench, "buildctl", { argv: [bed.buildctl, "--addr", daemon.addr, "debug", "workers"] }),
  ];
  if (buildx !== undefined) {
    const { program, env } = buildx;
    contenders.push(commandOf(bench, "buildx", { argv: [program, "inspect", "bench"], env }, "`buildx inspect`"));
  }
  const about = "the daemon is asked for its workers: the way to its first answer";
  return { part: "solve", name: "list workers", about, rounds: 20, contenders };
}

interface Texts {
  readonly script: string;
  readonly dockerfile: string;
}

function cached(bench: DaemonBench, name: string, texts: Texts): Omit<Case, "name" | "about"> {
  const directory = writeTexts(join(bench.folder, name), {
    "site/index.html": "hello\n",
    "build.lua": texts.script,
    Dockerfile: texts.dockerfile,
  });
  const script = join(directory, "build.lua");
  const definition = define(bench, script, ["--context", directory]);
  const locals = [`--local=context=${directory}`];
  const dockerfile = ["--frontend=dockerfile.v0", ...locals, `--local=dockerfile=${directory}`];
  const solve = [bench.luakit, "solve", "--addr", bench.daemon.addr, "--progress=plain", "-c", directory, definition];
  const contenders = [
    commandOf(bench, "luakit", luakitBuild(bench, ["--context", directory, script])),
    commandOf(bench, "buildctl", buildctlBuild(bench, dockerfile)),
    ...buildxBuild(bench, () => [directory]),
    ...piped(bench, script, locals),
    commandOf(bench, "other", { argv: solve }, "`luakit solve`, ready LLB"),
    commandOf(bench, "other", { ...buildctlBuild(bench, locals), stdin: definition }, "buildctl, ready LLB"),
  ];
  return { part: "solve", rounds: 20, contenders };
}

/** How the Go luakit builds: into buildctl. */
function piped(bench: DaemonBench, script: string, locals: readonly string[]): readonly Contender[] {
  if (bench.goLuakit === undefined) return [];
  const shell = 'go=$1; script=$2; shift 2; "$go" build "$script" | "$@"';
  const { argv } = buildctlBuild(bench, locals);
  return [commandOf(bench, "Go luakit", { argv: ["sh", "-c", shell, "sh", bench.goLuakit, script, ...argv] })];
}
