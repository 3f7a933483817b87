import { readFileSync } from "node:fs";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { directory, file } from "../../scripts/testbed/tar.ts";
import { tools } from "../../scripts/testbed/tools.ts";
import { pushFrontend } from "./push-frontend.ts";

const tool = { ...tools.buildkitd, package: "github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend" };

/** The Dockerfile frontend as an image of the testbed's registry; made, which takes a while, when it is not there yet. */
export function dockerfileFrontendImage(): Promise<string> {
  return pushFrontend({
    repository: "dockerfile-frontend",
    tag: tool.version,
    files: async () => {
      const place = findPlace();
      const program = await locked(place.cache, () => buildGoTool(place, tool));
      return [directory("bin"), file("bin/frontend", readFileSync(program), 0o755)];
    },
    config: { Entrypoint: ["/bin/frontend"] },
  });
}
