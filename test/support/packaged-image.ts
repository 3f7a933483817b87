import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { type Descriptor, readBlob } from "../../scripts/testbed/layout.ts";
import { luakit } from "./build.ts";
import { madeExecutables } from "./made-executables.ts";
import { platformsBase } from "./platforms-base.ts";
import { buildctlBuild, type FetchedConfig, testbed } from "./testbed.ts";

export const checkout = resolve(import.meta.dir, "../..");

/** The two ways to make the frontend's image. */
export type Recipe = "packaging/gateway.lua" | "Dockerfile.gateway";

/** The image of one platform as an OCI layout has it. */
export interface PackagedImage {
  readonly digest: string;
  readonly config: FetchedConfig;
  /** The tar of each layer. */
  readonly layers: readonly Uint8Array[];
}

/** Makes the executables that the recipes put into images. */
export function compileTargets(): Promise<void> {
  return madeExecutables(["linux-amd64", "linux-arm64"]);
}

/** Makes the image with an output, whose layers are not compressed: that is most of the time. */
export async function packageImage(recipe: Recipe, output: string, ...args: readonly string[]): Promise<void> {
  const base = await platformsBase();
  const full = `${output},compression=uncompressed,force-compression=true,rewrite-timestamp=true`;
  const env = { SOURCE_DATE_EPOCH: "1700000000" };
  const platforms = "linux/amd64,linux/arm64";
  if (recipe === "packaging/gateway.lua") {
    const flags = [`--platform=${platforms}`, `--build-arg=BASE=${base}`, `--output=${full}`];
    const { addr } = testbed();
    await run([luakit, "build", `--addr=${addr}`, "--progress=plain", ...args, ...flags, recipe], {
      cwd: checkout,
      env,
    });
    return;
  }
  const { exitCode, stderr } = await buildctlBuild({
    frontend: "dockerfile.v0",
    locals: { context: checkout, dockerfile: checkout },
    opts: {
      filename: recipe,
      platform: platforms,
      "build-arg:BASE": base,
      "build-arg:SOURCE_DATE_EPOCH": env.SOURCE_DATE_EPOCH,
    },
    output: [full],
    args,
    env,
  });
  if (exitCode !== 0) throw new Error(stderr);
}

/** The image of an architecture in a layout directory that has one index. */
export function readPackaged(directory: string, architecture: string): PackagedImage {
  const read = (digest: string) => JSON.parse(new TextDecoder().decode(readBlob(directory, digest)));
  const top: { manifests: readonly Descriptor[] } = JSON.parse(readFileSync(join(directory, "index.json"), "utf8"));
  const index: { manifests: readonly Descriptor[] } = read(top.manifests[0]?.digest ?? "");
  const { digest = "" } = index.manifests.find(({ platform }) => platform?.architecture === architecture) ?? {};
  const manifest: { config: Descriptor; layers: readonly Descriptor[] } = read(digest);
  return {
    digest,
    config: read(manifest.config.digest),
    layers: manifest.layers.map((layer) => readBlob(directory, layer.digest)),
  };
}
