import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import type { Testbed } from "../../scripts/testbed/record.ts";
import { file } from "../../scripts/testbed/tar.ts";
import { dockerfileFrontendImage } from "../support/frontend-image.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { pushFrontend } from "../support/push-frontend.ts";
import { buildctlBuild, fetchManifest, type RawVertex, readRawStatus } from "../support/testbed.ts";
import { median } from "./measure.ts";
import { watchFrontend } from "./watch-frontend.ts";

/** How long whole builds take through the images of frontends, side by side on a daemon that does nothing else. */
export interface GatewayBenchOptions {
  readonly luakit: string;
  readonly bed: Testbed;
  /** The gateway's executable of the Go luakit, linked with nothing. */
  readonly goGateway: string | undefined;
}

interface Frontend {
  readonly name: string;
  readonly image: string;
  readonly filename: string;
}

/** One build, in milliseconds. */
interface Sample {
  readonly wall: number;
  /** From the image at hand to the first thing that the frontend asks for: its start. */
  readonly start: number;
}

const warmRounds = 15;
const coldRounds = 3;
const memoryRounds = 3;

/** The lines of a Markdown table; the ratio is that of the wall time to the first frontend's. */
export async function benchGateway(options: GatewayBenchOptions): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "luakit-bench-"));
  const daemon = await startOwnBuildkitd();
  try {
    writeContext(folder, options.bed);
    const frontends = await pushFrontends(options, daemon.addr);
    const build = (frontend: Frontend) => buildOnce(frontend, folder, daemon.addr);
    const warm = await inTurn(frontends, warmRounds, build);
    const memory = await inTurn(frontends, memoryRounds, (frontend) =>
      watchFrontend(daemon.directory, () => build(frontend)),
    );
    const cold = await inTurn(frontends, coldRounds, async (frontend) => {
      await prepareCold(options.bed, folder, daemon.addr);
      return build(frontend);
    });
    const sizes = await Promise.all(frontends.map(({ image }) => sizeOf(image)));
    return [
      "| case | frontend | wall | to its first request | peak memory | image | wall / luakit |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...formatRows("warm", frontends, warm, memory, sizes),
      ...formatRows("cold", frontends, cold, memory, sizes),
    ];
  } finally {
    await daemon.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The same graph for each frontend. */
function writeContext(folder: string, bed: Testbed): void {
  const image = bed.images.busybox;
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site/index.html"), "hello\n");
  writeFileSync(
    join(folder, "build.lua"),
    `local site = bk.local_("context", { include = { "site" } })
bk.export(bk.image("${image}"):copy(site, "site", "/www"):run("echo dev > /www/version.txt"))
`,
  );
  writeFileSync(join(folder, "Dockerfile"), `FROM ${image}\nCOPY site /www\nRUN echo dev > /www/version.txt\n`);
}

async function pushFrontends({ luakit, bed, goGateway }: GatewayBenchOptions, addr: string): Promise<Frontend[]> {
  const push = async (compression: string) => {
    const image = `${bed.registry}/luakit-bench:${compression}`;
    const output = `type=image,name=${image},push=true,compression=${compression},force-compression=true`;
    const flags = ["--platform=linux/amd64", `--build-arg=BASE=${bed.images.debian}`, `--output=${output}`];
    const checkout = resolve(import.meta.dir, "../..");
    await run([resolve(luakit), "build", "--addr", addr, ...flags, "packaging/gateway.lua"], { cwd: checkout });
    return image;
  };
  const own = [
    { name: "luakit", image: await push("gzip"), filename: "build.lua" },
    { name: "luakit, zstd", image: await push("zstd"), filename: "build.lua" },
    { name: "Dockerfile frontend", image: await dockerfileFrontendImage(), filename: "Dockerfile" },
  ];
  if (goGateway === undefined) return own;
  const program = readFileSync(goGateway);
  const image = await pushFrontend({
    repository: "go-luakit",
    tag: Bun.hash(program).toString(16),
    files: () => [file("luakit", program, 0o755)],
    config: { Entrypoint: ["/luakit"] },
  });
  return [...own, { name: "Go luakit", image, filename: "build.lua" }];
}

/** Samples by frontend; each round has one of each, so that a drifting machine hits all alike. The first does not count. */
async function inTurn<T>(
  frontends: readonly Frontend[],
  rounds: number,
  take: (frontend: Frontend) => Promise<T>,
): Promise<readonly (readonly T[])[]> {
  const samples = frontends.map((): T[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, frontend] of frontends.entries()) {
      const sample = await take(frontend);
      if (round > 0) samples[index]?.push(sample);
    }
  }
  return samples;
}

/** The daemon has all that the build needs but the frontend's image. */
async function prepareCold(bed: Testbed, folder: string, addr: string): Promise<void> {
  await run([bed.buildctl, "--addr", addr, "prune", "--all"]);
  const locals = { context: folder, dockerfile: folder };
  await succeed(buildctlBuild({ frontend: "dockerfile.v0", locals, addr }));
}

async function buildOnce({ image, filename }: Frontend, folder: string, addr: string): Promise<Sample> {
  const locals = { context: folder, dockerfile: folder };
  const opts = { source: image, filename };
  const begin = performance.now();
  const { stderr } = await succeed(
    buildctlBuild({ frontend: "gateway.v0", opts, locals, addr, args: ["--progress=rawjson"] }),
  );
  const wall = performance.now() - begin;
  return {
    wall,
    start: startTime(
      readRawStatus(stderr).flatMap(({ vertexes = [] }) => vertexes),
      image,
    ),
  };
}

async function succeed<T extends { exitCode: number; stderr: string }>(build: Promise<T>): Promise<T> {
  const result = await build;
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return result;
}

function startTime(vertexes: readonly (RawVertex & { started?: string; completed?: string })[], image: string): number {
  const times = (key: "started" | "completed", own: boolean) =>
    vertexes.flatMap((vertex) => (vertex.name.includes(image) === own ? [Date.parse(vertex[key] ?? "")] : []));
  const ready = Math.max(...times("completed", true).filter(Number.isFinite));
  const asked = Math.min(...times("started", false).filter(Number.isFinite));
  return asked - ready;
}

/** What is transferred and kept compressed: the layers. */
async function sizeOf(image: string): Promise<number> {
  const { layers = [] } = await fetchManifest(image);
  return layers.reduce((sum, { size }) => sum + size, 0);
}

function formatRows(
  label: string,
  frontends: readonly Frontend[],
  samples: readonly (readonly Sample[])[],
  memory: readonly (readonly number[])[],
  sizes: readonly number[],
): string[] {
  const wall = (index: number) => median((samples[index] ?? []).map((sample) => sample.wall));
  return frontends.map(({ name }, index) => {
    const start = median((samples[index] ?? []).map((sample) => sample.start));
    const peak = Math.max(...(memory[index] ?? []));
    const cells = [label, name, `${wall(index).toFixed(0)} ms`, `${start.toFixed(0)} ms`];
    const bytes = [peak, sizes[index] ?? 0].map((count) => `${(count / 1e6).toFixed(0)} MB`);
    return `| ${[...cells, ...bytes, (wall(index) / wall(0)).toFixed(2)].join(" | ")} |`;
  });
}
