import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { type Descriptor, digestOf, Layout, mediaTypes } from "../../scripts/testbed/layout.ts";
import { acceptManifests, pushImage } from "../../scripts/testbed/push.ts";
import { inDirectory } from "./build.ts";
import { debianPackage } from "./debian-package.ts";
import { isPushed } from "./registry.ts";
import { testbed } from "./testbed.ts";

const repository = "debian";

/**
 * An image that stands in for Debian's on linux/amd64 and linux/arm64: the testbed's own, and of the other platform
 * nothing but the C library.
 */
export async function platformsBase(): Promise<string> {
  const { registry } = testbed();
  const name = `${registry}/${repository}:platforms`;
  if (await isPushed(name)) return name;
  const manifests = `http://${registry}/v2/${repository}/manifests`;
  const own = await (await fetch(`${manifests}/bookworm`, { headers: { accept: acceptManifests } })).bytes();
  const amd64: Descriptor = {
    mediaType: mediaTypes.manifest,
    digest: digestOf(own),
    size: own.length,
    platform: { os: "linux", architecture: "amd64" },
  };
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [amd64, await inDirectory((directory) => pushLibraries(directory, registry))],
  });
  const init = { method: "PUT", headers: { "content-type": mediaTypes.index }, body };
  const response = await fetch(`${manifests}/platforms`, init);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return name;
}

/** Pushes an image with arm64's C library where Debian has it. */
async function pushLibraries(directory: string, host: string): Promise<Descriptor> {
  const tag = "libraries-arm64";
  const root = join(directory, "root");
  const archive = join(directory, "root.tar");
  cpSync(await debianPackage("libc6", "arm64"), root, { recursive: true, verbatimSymlinks: true });
  rmSync(join(root, "usr"), { recursive: true });
  mkdirSync(join(root, "usr"));
  renameSync(join(root, "lib"), join(root, "usr/lib"));
  symlinkSync("usr/lib", join(root, "lib"));
  await run(["tar", "-C", root, "--sort=name", "--mtime=@0", "--numeric-owner", "-cf", archive, "."]);
  const layout = new Layout(join(directory, "layout"));
  const layers = [layout.writeLayer(readFileSync(archive), "libc6")];
  const platform = { os: "linux", architecture: "arm64", variant: "v8" };
  const image = layout.writeImage({ platform, layers, config: {} });
  layout.finish({ [tag]: image });
  await pushImage(layout.dir, { host, repository, tag });
  return image;
}
