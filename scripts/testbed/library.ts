import type { Layouts } from "./image.ts";
import { locked } from "./lock.ts";
import type { Place } from "./place.ts";
import { pushImage } from "./push.ts";
import { makeToolchains } from "./toolchain-image.ts";

/** Pushes images as `library/NAME`, with names and tags of Docker Hub, so that the registry can stand in for it. */
export async function pushLibrary(place: Place, layouts: Layouts, host: string): Promise<void> {
  const toolchains = await locked(place.cache, () => makeToolchains(place, layouts.debian));
  const push = (dir: string, name: string, tag: string) => pushImage(dir, { host, repository: `library/${name}`, tag });
  await push(layouts.busybox, "busybox", "latest");
  await push(layouts.busybox, "busybox", "1");
  await push(layouts.debian, "debian", "bookworm");
  await push(toolchains.golang, "golang", "1");
  await push(toolchains.node, "node", "lts-slim");
}
