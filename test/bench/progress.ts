import { statSync } from "node:fs";
import { join } from "node:path";
import { commandOf, type DaemonBench, type Part } from "./bench.ts";
import type { Case, Contender } from "./case.ts";
import { buildctlBuild, buildxBuild, define, luakitBuild } from "./client.ts";
import { writeTexts } from "./places.ts";
import { wide } from "./script-texts.ts";

const logSize = 100_000_000;

/** What is told while a build runs. */
export async function* progressCases(bench: DaemonBench): Part {
  yield log(bench);
  const script = join(writeTexts(join(bench.folder, "wide"), { "build.lua": wide(2_000) }), "build.lua");
  const definition = define(bench, script);
  for (const mode of ["plain", "rawjson"]) {
    const name = `2,000 vertices, ${mode}`;
    const about = `cached LLB of 2,000 vertices is built, \`--progress=${mode}\` to a file`;
    const argv = [bench.luakit, "solve", "--addr", bench.daemon.addr, `--progress=${mode}`, definition];
    const theirs = buildctlBuild(bench, [`--progress=${mode}`]);
    const contenders = [
      commandOf(bench, "luakit", { argv }, "`luakit solve`"),
      commandOf(bench, "buildctl", { ...theirs, stdin: definition }),
    ];
    yield { part: "progress", name, about, rounds: 6, contenders, lacking: { buildx: "builds no LLB" } };
  }
}

function log(bench: DaemonBench): Case {
  const image = bench.bed.images.busybox;
  const step = `yes 'a line of a log as compilers write them, with a path/to/file.c:123:45' | head -c ${logSize}`;
  const folder = writeTexts(join(bench.folder, "log"), {
    "build.lua": `bk.export(bk.image("${image}"):run([[${step}]], { env = { ROUND = bk.arg("ROUND") } }))\n`,
    Dockerfile: `FROM ${image}\nARG ROUND\nRUN ${step}\n`,
  });
  const script = join(folder, "build.lua");
  const round = () => `--build-arg=ROUND=${crypto.randomUUID()}`;
  const contenders = [
    commandOf(bench, "luakit", () => luakitBuild(bench, [round(), script])),
    commandOf(bench, "buildctl", () => ({ ...buildctlBuild(bench, []), stdin: define(bench, script, [round()]) })),
    ...buildxBuild(bench, () => [round(), folder]),
  ].map((contender) => complete(bench, contender));
  const about = "a step writes 100 MB to its log, `--progress=plain` to a file";
  return { part: "progress", name: "log of 100 MB", about, rounds: 4, hasWarmUp: false, contenders };
}

/** An error when not all of the log was written. */
function complete(bench: DaemonBench, contender: Contender): Contender {
  return {
    ...contender,
    async sample() {
      const sample = await contender.sample();
      const { size } = statSync(bench.stopwatch.log);
      if (size < logSize) throw new Error(`${contender.column} wrote ${size} bytes of a log of ${logSize}`);
      return sample;
    },
  };
}
