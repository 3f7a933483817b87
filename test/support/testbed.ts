import { isRunning, listBackground } from "../../scripts/testbed/background.ts";
import { type Descriptor, digestOf } from "../../scripts/testbed/layout.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { acceptManifests } from "../../scripts/testbed/push.ts";
import { readRecord, type Testbed } from "../../scripts/testbed/record.ts";

/** The testbed of this checkout; an error that says what to type when it is not up. */
export function testbed(): Testbed {
  const place = findPlace();
  const record = readRecord(place);
  const ended = listBackground(place).filter((name) => !isRunning(place, name));
  if (record !== undefined && ended.length === 0) return record;
  const state = record === undefined ? "is not up" : `has lost ${ended.join(", ")}`;
  throw new Error(`the testbed ${state}: run \`bun scripts/testbed.ts up\``);
}

/** A manifest or index as the registry has it, with its digest. */
export interface FetchedManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The parts of an image config that tests look at. */
export interface FetchedConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly author?: string;
  readonly created?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history?: readonly Readonly<Record<string, unknown>>[];
}

/** What a registry without auth has under `host/repository:tag` or `host/repository@digest`. */
export async function fetchManifest(reference: string): Promise<FetchedManifest> {
  const { base, name } = splitReference(reference);
  const response = await fetch(`${base}/manifests/${name}`, { headers: { accept: acceptManifests } });
  if (!response.ok) throw new Error(`${reference}: ${response.status} ${await response.text()}`);
  const data = await response.bytes();
  return { ...JSON.parse(new TextDecoder().decode(data)), digest: digestOf(data) };
}

/** The image config behind a reference; of an index, that of `architecture`. */
export async function fetchConfig(reference: string, architecture = "amd64"): Promise<FetchedConfig> {
  const { base, repository } = splitReference(reference);
  const manifest = await fetchManifest(reference);
  const child = manifest.manifests?.find(({ platform }) => platform?.architecture === architecture);
  if (child !== undefined) return fetchConfig(`${repository}@${child.digest}`);
  const config: FetchedConfig = JSON.parse(await (await fetch(`${base}/blobs/${manifest.config?.digest}`)).text());
  return config;
}

function splitReference(reference: string): { base: string; repository: string; name: string } {
  const [, host = "", path = "", name = ""] = /^([^/]+)\/(.+?)[:@]((?:sha256:)?[^:@]+)$/.exec(reference) ?? [];
  return { base: `http://${host}/v2/${path}`, repository: `${host}/${path}`, name };
}

/** What `buildctl build` is asked for. */
export interface BuildctlOptions {
  /** LLB; absent when `frontend` makes it. */
  readonly definition?: Uint8Array;
  readonly frontend?: string;
  readonly locals?: Readonly<Record<string, string>>;
  readonly opts?: Readonly<Record<string, string>>;
  /** Values of `--output`, such as `type=local,dest=out`. */
  readonly output?: readonly string[];
  /** Values of `--secret`. */
  readonly secrets?: readonly string[];
  /** Values of `--ssh`. */
  readonly ssh?: readonly string[];
  readonly allow?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another daemon than the newest one. */
  readonly addr?: string;
}

export interface BuildctlResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `buildctl build` with plain progress, which goes to `stderr`. */
export function buildctlBuild(options: BuildctlOptions): Promise<BuildctlResult> {
  return runBuildctl(["--progress=plain"], options);
}

/** One message of the status stream as buildctl writes it; bytes are base64. */
export interface RawStatus {
  readonly vertexes?: readonly RawVertex[];
  readonly logs?: readonly { readonly vertex: string; readonly data: string }[];
}

export interface RawVertex {
  readonly digest: string;
  readonly name: string;
  readonly inputs?: readonly string[];
  readonly error?: string;
  readonly cached?: boolean;
  readonly progressGroup?: { readonly id: string; readonly name: string };
}

/** As {@link buildctlBuild}, with the status messages instead of text. */
export async function rawStatus(
  options: BuildctlOptions,
): Promise<BuildctlResult & { readonly status: readonly RawStatus[] }> {
  const result = await runBuildctl(["--progress=rawjson"], options);
  return { ...result, status: readRawStatus(result.stderr) };
}

/** The status messages among the lines of rawjson progress. */
export function readRawStatus(text: string): readonly RawStatus[] {
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}

async function runBuildctl(progress: readonly string[], options: BuildctlOptions): Promise<BuildctlResult> {
  const bed = testbed();
  const argv = [bed.buildctl, "--addr", options.addr ?? bed.addr, "build", ...progress, ...formatFlags(options)];
  const child = Bun.spawn(argv, {
    env: { ...process.env, ...options.env },
    stdin: options.definition ?? "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

function formatFlags(options: BuildctlOptions): string[] {
  const repeat = (flag: string, values: readonly string[] = []) => values.map((value) => `--${flag}=${value}`);
  const pairs = (values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return [
    ...(options.frontend === undefined ? [] : [`--frontend=${options.frontend}`]),
    ...repeat("local", pairs(options.locals)),
    ...repeat("opt", pairs(options.opts)),
    ...repeat("output", options.output),
    ...repeat("secret", options.secrets),
    ...repeat("ssh", options.ssh),
    ...repeat("allow", options.allow),
    ...(options.args ?? []),
  ];
}
