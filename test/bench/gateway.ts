import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { file } from "../../scripts/testbed/tar.ts";
import { dockerfileFrontendImage } from "../support/frontend-image.ts";
import { pushFrontend } from "../support/push-frontend.ts";
import { buildctlBuild, fetchManifest, type RawVertex, readRawStatus } from "../support/testbed.ts";
import type { DaemonBench, Part } from "./bench.ts";
import type { Case, Column, Contender } from "./case.ts";
import { prune } from "./disk.ts";
import { writeTexts } from "./places.ts";
import { watchFrontend } from "./watch-frontend.ts";

interface Frontend {
  readonly column: Column;
  readonly label?: string;
  readonly image: string;
  readonly filename: string;
}

/** One build, in seconds. */
interface Build {
  readonly wall: number;
  /** From the image at hand to the first thing that the frontend asks for: its start. */
  readonly start: number;
}

const client = "is the client of all";

/** The same build by frontends as images, each asked for by buildctl. */
export async function* gatewayCases(bench: DaemonBench): Part {
  const folder = writeContext(bench);
  const frontends = await pushFrontends(bench);
  const build = (frontend: Frontend) => buildOnce(frontend, folder, bench.daemon.addr);
  const row = (take: (frontend: Frontend) => Promise<number>): Pick<Case, "part" | "contenders" | "lacking"> => ({
    part: "gateway",
    contenders: frontends.map((frontend) => contender(frontend, take)),
    lacking: { buildctl: client, buildx: client },
  });
  yield {
    ...row(async (frontend) => (await build(frontend)).wall),
    name: "gateway, warm",
    about: "a cached build through a frontend image that the daemon has run before",
    rounds: 12,
  };
  yield {
    ...row(async (frontend) => (await build(frontend)).start),
    name: "gateway, first request",
    about: "of such a build: from the image at hand to the first thing that the frontend asks for",
    rounds: 8,
  };
  yield {
    ...row((frontend) => watchFrontend(bench.daemon.directory, () => build(frontend))),
    name: "gateway, memory",
    about: "the most that the frontend's process has resident in such a build",
    unit: "bytes",
    rounds: 3,
  };
  yield {
    ...row(async (frontend) => {
      await prepareCold(bench, folder);
      return (await build(frontend)).wall;
    }),
    name: "gateway, cold",
    about: "the daemon has all that the build needs, but has to fetch and unpack the frontend image",
    rounds: 3,
    hasWarmUp: false,
  };
  yield {
    ...row(({ image }) => sizeOf(image)),
    name: "gateway, image",
    about: "the compressed layers of the frontend image",
    unit: "bytes",
    rounds: 1,
    hasWarmUp: false,
  };
}

function contender(frontend: Frontend, take: (frontend: Frontend) => Promise<number>): Contender {
  const { column, label } = frontend;
  const sample = async () => ({ value: await take(frontend) });
  return { column, ...(label === undefined ? {} : { label }), sample };
}

/** The same graph for each frontend. */
function writeContext({ folder, bed }: DaemonBench): string {
  const image = bed.images.busybox;
  return writeTexts(join(folder, "gateway"), {
    "site/index.html": "hello\n",
    "build.lua": `local site = bk.local_("context", { include = { "site" } })
bk.export(bk.image("${image}"):copy(site, "site", "/www"):run("echo dev > /www/version.txt"))
`,
    Dockerfile: `FROM ${image}\nCOPY site /www\nRUN echo dev > /www/version.txt\n`,
  });
}

async function pushFrontends({ luakit, bed, daemon, goGateway }: DaemonBench): Promise<readonly Frontend[]> {
  const push = async (compression: string) => {
    const image = `${bed.registry}/luakit-bench:${compression}`;
    const output = `type=image,name=${image},push=true,compression=${compression},force-compression=true`;
    const flags = ["--platform=linux/amd64", `--build-arg=BASE=${bed.images.debian}`, `--output=${output}`];
    const checkout = resolve(import.meta.dir, "../..");
    await run([luakit, "build", "--addr", daemon.addr, ...flags, "packaging/gateway.lua"], { cwd: checkout });
    return image;
  };
  const own: readonly Frontend[] = [
    { column: "luakit", image: await push("gzip"), filename: "build.lua" },
    { column: "other", label: "luakit, zstd", image: await push("zstd"), filename: "build.lua" },
    { column: "other", label: "Dockerfile frontend", image: await dockerfileFrontendImage(), filename: "Dockerfile" },
  ];
  if (goGateway === undefined) return own;
  const program = readFileSync(goGateway);
  const image = await pushFrontend({
    repository: "go-luakit",
    tag: Bun.hash(program).toString(16),
    files: () => [file("luakit", program, 0o755)],
    config: { Entrypoint: ["/luakit"] },
  });
  return [...own, { column: "Go luakit", image, filename: "build.lua" }];
}

/** The daemon has all that the build needs but the frontend's image. */
async function prepareCold(bench: DaemonBench, folder: string): Promise<void> {
  await prune(bench);
  const locals = { context: folder, dockerfile: folder };
  await succeed(buildctlBuild({ frontend: "dockerfile.v0", locals, addr: bench.daemon.addr }));
}

async function buildOnce({ image, filename }: Frontend, folder: string, addr: string): Promise<Build> {
  const locals = { context: folder, dockerfile: folder };
  const opts = { source: image, filename };
  const begin = performance.now();
  const { stderr } = await succeed(
    buildctlBuild({ frontend: "gateway.v0", opts, locals, addr, args: ["--progress=rawjson"] }),
  );
  const wall = (performance.now() - begin) / 1000;
  const vertexes = readRawStatus(stderr).flatMap((status) => status.vertexes ?? []);
  return { wall, start: startTime(vertexes, image) };
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
  return (asked - ready) / 1000;
}

/** What is transferred and kept compressed: the layers. */
async function sizeOf(image: string): Promise<number> {
  const { layers = [] } = await fetchManifest(image);
  return layers.reduce((sum, { size }) => sum + size, 0);
}
