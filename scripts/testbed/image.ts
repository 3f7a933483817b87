import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeBusybox } from "./busybox-image.ts";
import { writeDebian } from "./debian-image.ts";
import { Layout, readImage, type Tagged } from "./layout.ts";
import { hashFiles, type Place } from "./place.ts";
import { step } from "./progress.ts";
import { pushImage } from "./push.ts";
import type { AuthRegistry, Images, OciLayout } from "./record.ts";

/** One OCI image layout directory per repository, all tags in it. */
export interface Layouts {
  readonly busybox: string;
  readonly debian: string;
}

const writers: Readonly<Record<keyof Layouts, (layout: Layout) => Promise<Tagged>>> = {
  busybox: writeBusybox,
  debian: writeDebian,
};

/** Makes the images that the cache lacks. */
export async function makeImages(place: Place): Promise<Layouts> {
  return { busybox: await makeLayout(place, "busybox"), debian: await makeLayout(place, "debian") };
}

/** Pushes every image and gives the references. */
export async function pushImages(layouts: Layouts, host: string): Promise<Images> {
  const push = async (repository: keyof Layouts, tag: string) => {
    await pushImage(layouts[repository], { host, repository, tag });
    return `${host}/${repository}:${tag}`;
  };
  return {
    busybox: await push("busybox", "latest"),
    multi: await push("busybox", "multi"),
    configured: await push("busybox", "configured"),
    debian: await push("debian", "bookworm"),
    debianConfigured: await push("debian", "configured"),
  };
}

/** Pushes `busybox:latest` to the registry that wants a password. */
export async function pushPrivateImage(layouts: Layouts, { host, username, password }: AuthRegistry): Promise<void> {
  const credentials = `${username}:${password}`;
  await pushImage(layouts.busybox, { host, repository: "busybox", tag: "latest", credentials });
}

/** The layout directory of busybox, for tests that read an image from disk. */
export function describeLayout(layouts: Layouts): OciLayout {
  return { dir: layouts.busybox, digest: readImage(layouts.busybox, "latest").digest };
}

async function makeLayout(place: Place, repository: keyof Layouts): Promise<string> {
  const sources = ["tar.ts", "layout.ts", `${repository}-image.ts`];
  const dir = join(place.cache, "image", `${repository}-${hashFiles(place.scripts, sources)}`);
  if (existsSync(dir)) return dir;
  const unfinished = `${dir}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await step(`making the ${repository} images`, async () => {
    const layout = new Layout(unfinished);
    layout.finish(await writers[repository](layout));
  });
  renameSync(unfinished, dir);
  return dir;
}
