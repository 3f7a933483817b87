import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Testbed } from "../../scripts/testbed/record.ts";
import { formatRow, measure } from "./measure.ts";

/** How long whole builds take on one daemon, beside buildctl and, where the testbed has it, buildx. */
export interface SolveBenchOptions {
  readonly luakit: string;
  readonly bed: Testbed;
}

interface Bench extends SolveBenchOptions {
  readonly folder: string;
}

const mebibyte = 1024 * 1024;
const transferRounds = 3;
const callRounds = 20;

export function benchSolve(options: SolveBenchOptions): string[] {
  const folder = mkdtempSync(join(tmpdir(), "luakit-bench-"));
  try {
    const bench = { ...options, folder };
    return [...connectRows(bench), ...cachedRows(bench), ...uploadRows(bench), ...exportRows(bench)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From the start of the process to the first answer of the daemon, and its end. */
function connectRows({ luakit, bed }: Bench): string[] {
  const contenders = [
    { name: "luakit", command: [luakit, "workers", "--addr", bed.addr] },
    { name: "buildctl", command: [bed.buildctl, "--addr", bed.addr, "debug", "workers"] },
  ];
  return formatRow("list workers", measure(contenders, callRounds));
}

/** A build of which everything is cached: the same graph from a script, from LLB, from a Dockerfile. */
function cachedRows(bench: Bench): string[] {
  const { luakit, bed, folder } = bench;
  const directory = join(folder, "cached");
  mkdirSync(join(directory, "site"), { recursive: true });
  writeFileSync(join(directory, "site/index.html"), "hello\n");
  const image = bed.images.busybox;
  writeFileSync(
    join(directory, "build.lua"),
    `local site = bk.local_("context", { include = { "site" } })
bk.export(bk.image("${image}"):copy(site, "site", "/www"):run("echo dev > /www/version.txt"))
`,
  );
  writeFileSync(join(directory, "Dockerfile"), `FROM ${image}\nCOPY site /www\nRUN echo dev > /www/version.txt\n`);
  const definition = define(bench, join(directory, "build.lua"), []);
  const build = [bed.buildctl, "--addr", bed.addr, "build", "--progress=plain"];
  const local = `--local=context=${directory}`;
  const dockerfile = [...build, "--frontend=dockerfile.v0", local, `--local=dockerfile=${directory}`];
  const contenders = [
    { name: "luakit", command: [luakit, "build", "--solve", "--addr", bed.addr, "--progress=plain", directory] },
    {
      name: "luakit solve (LLB)",
      command: [luakit, "solve", "--addr", bed.addr, "--progress=plain", "-c", directory, definition],
    },
    { name: "buildctl (LLB)", command: withInput([...build, local], definition) },
    { name: "buildctl (Dockerfile)", command: dockerfile },
    ...buildxContender(bench, directory),
  ];
  return formatRow("cached build", measure(contenders, callRounds));
}

function buildxContender({ bed, folder }: Bench, directory: string) {
  if (bed.buildx === undefined) return [];
  const env = [`BUILDX_CONFIG=${join(folder, "buildx")}`, "BUILDX_NO_DEFAULT_ATTESTATIONS=1"];
  const create = ["env", ...env, bed.buildx, "create", "--driver=remote", "--name=bench", bed.addr];
  const { exitCode, stderr } = Bun.spawnSync(create);
  if (exitCode !== 0) throw new Error(`buildx create: ${stderr}`);
  const build = [bed.buildx, "build", "--builder=bench", "--progress=plain", "--output=type=cacheonly", directory];
  return [{ name: "buildx (Dockerfile)", command: ["env", ...env, ...build] }];
}

function uploadRows(bench: Bench): string[] {
  const large = join(bench.folder, "large");
  const many = join(bench.folder, "many");
  mkdirSync(large);
  fill(join(large, "data"), 1024);
  for (let index = 0; index < 20_000; index++) {
    const directory = join(many, `d${index % 200}`);
    if (index < 200) mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `f${index}`), `${index}\n`.repeat(1 + (index % 200)));
  }
  const changed = join(many, "changed");
  const change = () => writeFileSync(changed, crypto.randomUUID());
  return [
    ...formatRow("upload 1 GiB", measure(uploads(bench, large, fresh), transferRounds)),
    ...formatRow("upload 20,000 files", measure(uploads(bench, many, fresh), transferRounds)),
    ...formatRow("upload, one of 20,000 changed", measure(uploads(bench, many, same(), change), transferRounds)),
  ];
}

/** The names of local sources: the daemon keeps what it got under a name, and asks only for what has changed. */
type Naming = (tool: string) => string;
const fresh: Naming = (tool) => `${tool}-${crypto.randomUUID()}`;
const same = (): Naming => {
  const id = crypto.randomUUID();
  return (tool) => `${tool}-${id}`;
};

function uploads(bench: Bench, directory: string, nameOf: Naming, prepare = () => {}) {
  const { luakit, bed, folder } = bench;
  const script = join(folder, "upload.lua");
  writeFileSync(script, 'bk.export(bk.scratch():copy(bk.local_(bk.arg("LOCAL")), "/", "/"))\n');
  const ours = () => {
    prepare();
    const name = nameOf("luakit");
    const given = [`--build-arg=LOCAL=${name}`, `--local=${name}=${directory}`];
    return [luakit, "build", "--solve", "--addr", bed.addr, "--progress=plain", ...given, script];
  };
  const theirs = () => {
    prepare();
    const name = nameOf("buildctl");
    const definition = define(bench, script, [`--build-arg=LOCAL=${name}`]);
    const build = [bed.buildctl, "--addr", bed.addr, "build", "--progress=plain", `--local=${name}=${directory}`];
    return withInput(build, definition);
  };
  return [
    { name: "luakit", command: ours },
    { name: "buildctl", command: theirs },
  ];
}

function exportRows(bench: Bench): string[] {
  const { luakit, bed, folder } = bench;
  const script = join(folder, "export.lua");
  const step = "head -c 1073741824 /dev/urandom > /out/big";
  writeFileSync(
    script,
    `bk.export(bk.scratch():copy(bk.image("${bed.images.busybox}"):run("mkdir /out; ${step}"), "/out", "/"))\n`,
  );
  const definition = define(bench, script, []);
  const place = join(folder, "exported");
  const kinds = { tar: "type=tar", local: "type=local", oci: "type=oci,compression=uncompressed" };
  return Object.entries(kinds).flatMap(([kind, type]) => {
    const output = `--output=${type},dest=${place}`;
    const emptied = (command: readonly string[]) => () => {
      rmSync(place, { recursive: true, force: true });
      return command;
    };
    const build = [bed.buildctl, "--addr", bed.addr, "build", "--progress=plain", output];
    const ours = [luakit, "build", "--addr", bed.addr, "--progress=plain", output, script];
    const contenders = [
      { name: "luakit", command: emptied(ours) },
      { name: "buildctl", command: emptied(withInput(build, definition)) },
    ];
    return formatRow(`export 1 GiB, ${kind}`, measure(contenders, transferRounds));
  });
}

/** A Definition for buildctl, without asking registries. */
function define({ luakit, folder }: Bench, script: string, flags: readonly string[]): string {
  const file = join(folder, `${crypto.randomUUID()}.pb`);
  const { exitCode, stderr } = Bun.spawnSync([luakit, "build", "--no-resolve", "-o", file, ...flags, script]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return file;
}

/** The shell is gone before the command runs. */
function withInput(command: readonly string[], file: string): readonly string[] {
  return ["sh", "-c", 'file="$1"; shift; exec "$@" < "$file"', "sh", file, ...command];
}

/** Random bytes, which no file system and no transfer can make smaller. */
function fill(path: string, mebibytes: number): void {
  const descriptor = openSync(path, "w");
  const piece = new Uint8Array(mebibyte);
  for (let count = 0; count < mebibytes; count++) {
    for (let at = 0; at < mebibyte; at += 65536) crypto.getRandomValues(piece.subarray(at, at + 65536));
    writeSync(descriptor, piece);
  }
  closeSync(descriptor);
}
