import { rmSync } from "node:fs";
import { join } from "node:path";
import { commandOf, type DaemonBench, type Part } from "./bench.ts";
import type { Case } from "./case.ts";
import { buildctlBuild, buildxBuild, define, luakitBuild } from "./client.ts";
import { prune, settled } from "./disk.ts";
import { writeTexts } from "./places.ts";

interface Result {
  readonly name: string;
  readonly about: string;
  /** What makes it, in /out. */
  readonly step: string;
}

const large: Result = {
  name: "1 GiB",
  about: "a cached file of random bytes",
  step: "head -c 1073741824 /dev/urandom > /out/big",
};

const many: Result = {
  name: "20,000 files",
  about: "20,000 cached small files in 200 directories",
  step: ["for d in $(seq 200); do mkdir /out/$d", "for f in $(seq 100); do echo $d $f > /out/$d/$f; done", "done"].join(
    "; ",
  ),
};

/** From the daemon to files. */
export async function* exportCases(bench: DaemonBench): Part {
  yield exportAs(bench, large, "tar", "type=tar");
  yield exportAs(bench, large, "local", "type=local");
  yield exportAs(bench, large, "oci", "type=oci,compression=uncompressed");
  yield exportAs(bench, large, "docker", "type=docker,compression=uncompressed");
  yield exportAs(bench, many, "local", "type=local");
  await prune(bench);
}

function exportAs(bench: DaemonBench, { name, about, step }: Result, kind: string, type: string): Case {
  const image = bench.bed.images.busybox;
  const make = `mkdir /out; ${step}`;
  const folder = writeTexts(join(bench.folder, "export"), {
    "build.lua": `bk.export(bk.scratch():copy(bk.image("${image}"):run([[${make}]]), "/out", "/"))\n`,
    Dockerfile: `FROM ${image} AS made\nRUN ${make}\nFROM scratch\nCOPY --from=made /out /\n`,
  });
  const script = join(folder, "build.lua");
  const stdin = define(bench, script);
  const place = join(bench.folder, "exported");
  const output = `${type},dest=${place}`;
  const emptied = <T>(value: T) =>
    settled(() => {
      rmSync(place, { recursive: true, force: true });
      return value;
    });
  const contenders = [
    commandOf(bench, "luakit", emptied(luakitBuild(bench, [`--output=${output}`, script]))),
    commandOf(bench, "buildctl", emptied({ ...buildctlBuild(bench, [`--output=${output}`]), stdin })),
    ...buildxBuild(bench, emptied([folder]), output),
  ];
  return {
    part: "transfer",
    name: `export ${name}, ${kind}`,
    about: `${about}, as type=${kind}`,
    rounds: 3,
    contenders,
  };
}
