import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { fetchBlob } from "./registry.ts";
import { fetchManifest, testbed } from "./testbed.ts";

/**
 * The directory of a bare Debian system, the testbed's image, with further packages installed as its own dpkg does it; kept
 * for later runs, so nothing may be written there.
 */
export async function debianRoot(packages: readonly string[]): Promise<string> {
  const image = testbed().images.debian;
  const { layers = [] } = await fetchManifest(image);
  const layer = layers[0]?.digest ?? "";
  const cache = join(findPlace().cache, "roots");
  const root = join(cache, `${layer.slice(7, 19)}-${packages.join("-")}`);
  mkdirSync(cache, { recursive: true });
  return locked(cache, async () => {
    if (!existsSync(root)) await make(root, await fetchBlob(image.replace(/:[^:]*$/, ""), layer), packages);
    return root;
  });
}

async function make(root: string, layer: Uint8Array, packages: readonly string[]): Promise<void> {
  const fresh = mkdtempSync(`${root}-`);
  try {
    await run(["tar", "-xzpf", "-", "-C", fresh], { stdin: layer });
    await run(["mknod", "-m", "666", join(fresh, "dev/null"), "c", "1", "3"]);
    await install(fresh, packages);
    await run(["chmod", "755", fresh]);
    renameSync(fresh, root);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** This machine's apt downloads for the system: it has no network's settings of its own. */
async function install(root: string, packages: readonly string[]): Promise<void> {
  const settings = [
    `RootDir=${root}`,
    "APT::Sandbox::User=root",
    "APT::Keep-Downloaded-Packages=true",
    // A machine that is an image itself may have set these to nothing, which apt takes for the root.
    "Dir::Cache::pkgcache=pkgcache.bin",
    "Dir::Cache::srcpkgcache=srcpkgcache.bin",
  ];
  const apt = ["apt-get", "-q", "-y", ...settings.flatMap((setting) => ["-o", setting])];
  await run([...apt, "update"]);
  await run([...apt, "install", "--download-only", "--no-install-recommends", ...packages]);
  const archives = "/var/cache/apt/archives";
  const names = readdirSync(join(root, archives)).filter((name) => name.endsWith(".deb"));
  const paths = names.map((name) => `${archives}/${name}`);
  await run(["chroot", root, "dpkg", "--install", ...paths], { env: { DEBIAN_FRONTEND: "noninteractive" } });
  for (const path of [...paths, "/var/lib/apt/lists", "/var/cache/apt"]) {
    rmSync(join(root, path), { recursive: true, force: true });
  }
  writeFileSync(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
}
