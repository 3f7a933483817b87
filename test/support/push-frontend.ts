import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Layout } from "../../scripts/testbed/layout.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import { formatTar, type TarEntry } from "../../scripts/testbed/tar.ts";
import { isPushed } from "./registry.ts";
import { testbed } from "./testbed.ts";

/** A frontend that becomes an image of the testbed's registry. */
export interface PushedFrontend {
  readonly repository: string;
  readonly tag: string;
  /** Gives what is in the image; asked only when it is not there yet. */
  readonly files: () => Promise<readonly TarEntry[]> | readonly TarEntry[];
  /** The image's own settings beside those that every frontend has. */
  readonly config: { readonly Entrypoint: readonly string[]; readonly User?: string };
  /** gzip's; what is made for one test only need not be small. */
  readonly level?: 1 | 6;
}

/** The labels that tell BuildKit what a frontend can do, and that it needs no network. */
export const frontendLabels = {
  "moby.buildkit.frontend.network.none": "true",
  "moby.buildkit.frontend.caps": [
    "moby.buildkit.frontend.inputs",
    "moby.buildkit.frontend.subrequests",
    "moby.buildkit.frontend.contexts",
    "moby.buildkit.frontend.gitquerystring",
  ].join(","),
};

/** The name of a frontend's image, which is pushed when it is not there yet: once, however many tests ask for it. */
export async function pushFrontend(frontend: PushedFrontend): Promise<string> {
  const { repository, tag } = frontend;
  const name = `${testbed().registry}/${repository}:${tag}`;
  if (await isPushed(name)) return name;
  await locked(name, async () => {
    if (!(await isPushed(name))) await push(frontend);
  });
  return name;
}

async function push({ repository, tag, files, config, level = 6 }: PushedFrontend): Promise<void> {
  const tar = formatTar(await files());
  const temporary = mkdtempSync(join(tmpdir(), "luakit-image-"));
  try {
    const layout = new Layout(temporary);
    const image = layout.writeImage({
      platform: { os: "linux", architecture: "amd64" },
      layers: [layout.writeLayer(tar, "frontend", level)],
      config: { ...config, Labels: frontendLabels },
    });
    layout.finish({ [tag]: image });
    await pushImage(temporary, { host: testbed().registry, repository, tag });
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
