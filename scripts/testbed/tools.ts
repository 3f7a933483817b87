import type { GoTool } from "./go-tool.ts";

const newest = { module: "buildkit-v0.32", version: "v0.32.2" };
const middle = { module: "buildkit-v0.21", version: "v0.21.1" };
const oldest = { module: "buildkit-v0.12", version: "v0.12.5" };

/** What is built from the Go modules that our own modules below `go/` pin; the versions here only name them. */
export const tools = {
  buildkitd: describeBuildkit(newest, "buildkitd"),
  buildctl: describeBuildkit(newest, "buildctl"),
  middleBuildkitd: describeBuildkit(middle, "buildkitd"),
  middleBuildctl: describeBuildkit(middle, "buildctl"),
  oldBuildkitd: describeBuildkit(oldest, "buildkitd"),
  oldBuildctl: describeBuildkit(oldest, "buildctl"),
  dockerd: {
    module: "moby",
    version: "v2.0.0-beta.24",
    package: "github.com/moby/moby/v2/cmd/dockerd",
    versionVariable: "github.com/moby/moby/v2/dockerversion.Version",
  },
  buildx: {
    module: "buildx",
    version: "v0.37.2",
    package: "github.com/docker/buildx/cmd/buildx",
    versionVariable: "github.com/docker/buildx/version.Version",
  },
  /** Not part of the testbed: the conformance test of HTTP/2 servers. */
  h2spec: {
    module: "h2spec",
    version: "v2.2.1",
    package: "github.com/summerwind/h2spec/cmd/h2spec",
    versionVariable: "main.VERSION",
  },
} as const satisfies Readonly<Record<string, GoTool>>;

function describeBuildkit(release: { readonly module: string; readonly version: string }, name: string): GoTool {
  return {
    ...release,
    package: `github.com/moby/buildkit/cmd/${name}`,
    versionVariable: "github.com/moby/buildkit/version.Version",
  };
}
