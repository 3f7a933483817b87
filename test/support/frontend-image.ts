import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { Layout } from "../../scripts/testbed/layout.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import { directory, file, formatTar } from "../../scripts/testbed/tar.ts";
import { tools } from "../../scripts/testbed/tools.ts";
import { inDirectory } from "./build.ts";
import { isPushed } from "./registry.ts";
import { testbed } from "./testbed.ts";

const tool = { ...tools.buildkitd, package: "github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend" };

/** The Dockerfile frontend as an image of the testbed's registry; made, which takes a while, when it is not there yet. */
export async function dockerfileFrontendImage(): Promise<string> {
  const { registry } = testbed();
  const [repository, tag] = ["dockerfile-frontend", tool.version];
  const name = `${registry}/${repository}:${tag}`;
  if (await isPushed(name)) return name;
  const place = findPlace();
  const program = await locked(place.cache, () => buildGoTool(place, tool));
  await inDirectory(async (temporary) => {
    const layout = new Layout(join(temporary, "layout"));
    const image = layout.writeImage({
      platform: { os: "linux", architecture: "amd64" },
      layers: [
        layout.writeLayer(
          formatTar([directory("bin"), file("bin/frontend", readFileSync(program), 0o755)]),
          "frontend",
        ),
      ],
      config: {
        Entrypoint: ["/bin/frontend"],
        Labels: {
          "moby.buildkit.frontend.network.none": "true",
          "moby.buildkit.frontend.caps":
            "moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts",
        },
      },
    });
    layout.finish({ [tag]: image });
    await pushImage(layout.dir, { host: registry, repository, tag });
  });
  return name;
}
