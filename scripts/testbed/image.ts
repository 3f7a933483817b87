import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeBusybox } from "./busybox-image.ts";
import { type Descriptor, Layout, readRoot } from "./layout.ts";
import { hashFiles, type Place } from "./place.ts";
import { step } from "./progress.ts";
import { pushLayout } from "./push.ts";
import type { AuthRegistry, Images, OciLayout } from "./record.ts";

type WriteImage = (layout: Layout) => Promise<Descriptor>;

/** Every base image by the name that tests know it under. */
const recipes = {
  busybox: ["busybox:latest", writeBusybox],
} as const satisfies Record<keyof Images, readonly [string, WriteImage]>;

/** What decides an image's bytes. */
const writers = ["tar.ts", "layout.ts", "busybox-image.ts"];

/** Makes the images that the cache lacks and pushes all of them; gives their references. */
export async function pushImages(place: Place, registry: string): Promise<Images> {
  return {
    busybox: await push(place, registry, "busybox"),
  };
}

/** Pushes busybox to the registry that wants a password. */
export async function pushPrivateImages(place: Place, registry: AuthRegistry): Promise<void> {
  const dir = await makeImage(place, "busybox");
  const credentials = `${registry.username}:${registry.password}`;
  await pushLayout(dir, { host: registry.host, repository: "busybox", tag: "latest", credentials });
}

/** The layout directory of busybox, for tests that read an image from disk. */
export async function busyboxLayout(place: Place): Promise<OciLayout> {
  const dir = await makeImage(place, "busybox");
  return { dir, digest: readRoot(dir)?.digest ?? "" };
}

async function push(place: Place, host: string, name: keyof Images): Promise<string> {
  const [reference] = recipes[name];
  const [repository = "", tag = ""] = reference.split(":");
  await pushLayout(await makeImage(place, name), { host, repository, tag });
  return `${host}/${reference}`;
}

/** The image's layout directory in the cache. */
async function makeImage(place: Place, name: keyof Images): Promise<string> {
  const [reference, write] = recipes[name];
  const dir = join(place.cache, "image", `${name}-${hashFiles(writers.map((file) => join(place.scripts, file)))}`);
  if (existsSync(dir)) return dir;
  const unfinished = `${dir}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await step(`making image ${reference}`, async () => {
    const layout = new Layout(unfinished);
    layout.finish(await write(layout), reference.replace(/^.*:/, ""));
  });
  renameSync(unfinished, dir);
  return dir;
}
