import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "./command.ts";
import { type Layer, Layout, readBlob, readImage } from "./layout.ts";
import { hashFiles, type Place } from "./place.ts";
import { step } from "./progress.ts";
import { golang, node, type Toolchain } from "./toolchain-packages.ts";

/** Layout directories, one per repository. */
export interface Toolchains {
  readonly golang: string;
  readonly node: string;
}

/** What one image is made from: directories, all absolute. */
interface Making {
  /** The Debian image's files. */
  readonly base: string;
  /** The Debian image's layout. */
  readonly debian: string;
  readonly work: string;
  readonly made: string;
}

/** Makes the images that the cache lacks: the testbed's Debian image with a layer of its release's packages on top. */
export async function makeToolchains(place: Place, debian: string): Promise<Toolchains> {
  const key = hashFiles(place.scripts, ["layout.ts", "toolchain-image.ts", "toolchain-packages.ts"]);
  const make = async (toolchain: Toolchain) => {
    const made = join(place.cache, "image", `${toolchain.repository}-${key}-${basename(debian)}`);
    if (existsSync(made)) return made;
    await step(`making the ${toolchain.repository} image`, () => makeImage(toolchain, made, debian));
    return made;
  };
  return { golang: await make(golang), node: await make(node) };
}

async function makeImage(toolchain: Toolchain, made: string, debian: string): Promise<void> {
  const work = `${made}.${process.pid}`;
  const making = { base: join(work, "base"), debian, work, made: join(work, "layout") };
  try {
    await unpackBase(making);
    await installPackages(toolchain.packages, making);
    await toolchain.finish(join(work, "root"), making.base);
    await run(["sh", "-c", `cd "$1" && rm -rf ${toolchain.ballast.join(" ")}`, "sh", join(work, "root")]);
    await writeLayout(toolchain, making);
    renameSync(making.made, made);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function unpackBase({ base, debian }: Making): Promise<void> {
  mkdirSync(base, { recursive: true });
  const { descriptor } = readLayer(debian);
  const archive = join(debian, "blobs", descriptor.digest.replace(":", "/"));
  await run(["tar", "-C", base, "-xzf", archive]);
}

/** Downloads what the base lacks and unpacks it. The packages' scripts do not run: no image here needs them. */
async function installPackages(packages: readonly string[], { base, work }: Making): Promise<void> {
  const settings = [
    `RootDir=${base}`,
    "APT::Sandbox::User=root",
    "APT::Keep-Downloaded-Packages=true",
    // A machine that is an image itself may have set these to nothing, which apt takes for the root.
    "Dir::Cache::pkgcache=pkgcache.bin",
    "Dir::Cache::srcpkgcache=srcpkgcache.bin",
  ];
  const apt = ["apt-get", "-q", "-y", ...settings.flatMap((setting) => ["-o", setting])];
  await run([...apt, "update"]);
  await run([...apt, "install", "--download-only", "--no-install-recommends", ...packages]);
  const archives = join(base, "var/cache/apt/archives");
  for (const name of readdirSync(archives).filter((file) => file.endsWith(".deb"))) {
    await run(["dpkg", "-x", join(archives, name), join(work, "root")]);
  }
}

async function writeLayout({ repository, tag, config }: Toolchain, { debian, work, made }: Making): Promise<void> {
  const tar = join(work, "root.tar");
  const flags = ["--sort=name", "--mtime=@0", "--numeric-owner"];
  await run(["tar", "-C", join(work, "root"), ...flags, "-cf", tar, "."]);
  const layout = new Layout(made);
  const below = readLayer(debian);
  layout.writeBlob(below.descriptor.mediaType, readBlob(debian, below.descriptor.digest));
  const above = layout.writeLayer(readFileSync(tar), repository);
  const platform = { os: "linux", architecture: "amd64" };
  layout.finish({ [tag]: layout.writeImage({ platform, layers: [below, above], config }) });
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly Layer["descriptor"][];
}

/** The only layer of the Debian image. */
function readLayer(debian: string): Layer {
  const read = (digest: string) => JSON.parse(new TextDecoder().decode(readBlob(debian, digest)));
  const manifest: Manifest = read(readImage(debian, "bookworm").digest);
  const config: { readonly rootfs: { readonly diff_ids: readonly string[] } } = read(manifest.config.digest);
  const [descriptor] = manifest.layers;
  const [diffId] = config.rootfs.diff_ids;
  if (descriptor === undefined || diffId === undefined) throw new Error(`${debian} has no layer`);
  return { descriptor, diffId, createdBy: "debootstrap" };
}
