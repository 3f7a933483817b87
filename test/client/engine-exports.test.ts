import { expect, test } from "bun:test";
import type { BuildFlags } from "../../src/client/build-flags.ts";
import type { DaemonTraits } from "../../src/client/daemon-traits.ts";
import { planExports } from "../../src/client/export-plan.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { rejectionOf } from "../image/failure.ts";
import { plain, refusalOf } from "./flags.ts";
import { containerdEngine, graphdriverEngine, requestOf } from "./request.ts";

async function plan(flags: Partial<BuildFlags>, daemon: DaemonTraits) {
  const { exports, warnings } = planExports(await requestOf(flags), daemon, "docker");
  return {
    exports: exports.map(({ type, attributes, destination }) => [type, plain(attributes), destination.kind]),
    warnings,
  };
}

const app = "docker.io/library/app:latest";
const digest = { "prefer-image-digest": "true" };

const rows: readonly (readonly [
  Partial<BuildFlags>,
  containerd: readonly unknown[],
  graphdriver: readonly unknown[],
])[] = [
  [{}, [["moby", digest, "none"]], [["moby", {}, "none"]]],
  [{ output: ["type=cacheonly"] }, [], []],
  [{ tag: ["app"] }, [["moby", { ...digest, name: app }, "none"]], [["moby", { name: app }, "none"]]],
  [{ tag: ["app"], load: true }, [["moby", { ...digest, name: app }, "none"]], [["moby", { name: app }, "none"]]],
  [
    { tag: ["app"], output: ["type=docker"] },
    [["moby", { ...digest, name: app }, "none"]],
    [["moby", { name: app }, "none"]],
  ],
  [{ output: ["out"] }, [["local", {}, "directory"]], [["local", {}, "directory"]]],
  [{ output: ["-"] }, [["tar", {}, "stdout"]], [["tar", {}, "stdout"]]],
  [
    { tag: ["app"], load: true, output: ["out"] },
    [
      ["local", {}, "directory"],
      ["moby", { ...digest, name: app }, "none"],
    ],
    [
      ["local", {}, "directory"],
      ["moby", { name: app }, "none"],
    ],
  ],
];

for (const [flags, containerd, graphdriver] of rows) {
  test(`an engine's exporters of ${JSON.stringify(flags)}`, async () => {
    expect<unknown>(await plan(flags, containerdEngine)).toEqual({ exports: containerd, warnings: [] });
    expect<unknown>(await plan(flags, graphdriverEngine)).toEqual({ exports: graphdriver, warnings: [] });
  });
}

test("an engine in containerd pushes, writes archives, holds several platforms and attestations", async () => {
  const flags = {
    tag: ["app"],
    push: true,
    load: true,
    platforms: ["linux/amd64", "linux/arm64"].map(parsePlatform),
    provenance: "true",
  };
  expect((await plan(flags, containerdEngine)).exports).toEqual([
    ["moby", { ...digest, name: app, push: "true", unpack: "false" }, "none"],
  ]);
  expect((await plan({ output: ["type=oci,dest=x", "type=docker,dest=y"] }, containerdEngine)).exports).toEqual([
    ["oci", {}, "file"],
    ["docker", {}, "file"],
  ]);
  expect((await plan({ output: ["type=docker,context=other"] }, containerdEngine)).exports).toEqual([
    ["docker", {}, "load"],
  ]);
  expect((await plan({ cacheTo: ["app:cache"] }, containerdEngine)).exports).toHaveLength(1);
});

test.each([
  [{ output: ["type=oci,dest=x"] }, "write type=oci archives"],
  [{ output: ["type=docker,dest=x"] }, "write type=docker archives"],
  [{ platforms: ["linux/amd64", "linux/arm64"].map(parsePlatform) }, "hold an image of several platforms"],
  [{ sbom: "true" }, "hold attestations"],
  [{ cacheTo: ["app:cache"] }, "write a cache of type=registry"],
  [{ cacheTo: ["type=local,dest=x"] }, "write a cache of type=local"],
  [{ cacheFrom: ["type=s3,bucket=b,region=r"] }, "read a cache of type=s3"],
] satisfies [Partial<BuildFlags>, string][])(
  "an engine with a graphdriver refuses %j: it cannot %s",
  async (flags, what) => {
    const error = await rejectionOf(plan(flags, graphdriverEngine));
    expect(error.message).toBe(`this Docker Engine cannot ${what}, for it keeps images in a graphdriver`);
    expect(error.hint).toContain("containerd image store");
    expect(error.code).toBe("usage");
  },
);

test("caches that a graphdriver's engine has", async () => {
  const flags = { cacheTo: ["type=inline"], cacheFrom: ["app", "type=local,src=x"] };
  expect((await plan(flags, graphdriverEngine)).exports).toHaveLength(1);
});

test("what a graphdriver takes no notice of is warned of", async () => {
  const { warnings } = await plan(
    { tag: ["app"], output: ["type=image,compression=zstd"], annotation: ["a=b"] },
    graphdriverEngine,
  );
  expect(warnings).toEqual([
    "this Docker Engine takes no notice of compression=, for it keeps images in a graphdriver",
    "this Docker Engine takes no notice of annotation.a=, for it keeps images in a graphdriver",
  ]);
});

test("no engine pushes by digest", async () => {
  const flags = { tag: ["app"], output: ["type=image,push=true,push-by-digest=true"] };
  for (const engine of [containerdEngine, graphdriverEngine])
    expect(await refusalOf(plan(flags, engine))).toBe("a Docker Engine cannot push by digest");
});

test("what a graphdriver's exporter cannot push is for the engine to push, also when it is loaded too", async () => {
  const other = "docker.io/library/other:1";
  for (const more of [{}, { load: true }, { output: ["type=image,push=false"] }]) {
    const request = await requestOf({ tag: ["app", "other:1"], push: true, ...more });
    const { exports, warnings } = planExports(request, graphdriverEngine, "docker");
    expect(exports.map(({ type, attributes, push }) => ({ type, attributes: plain(attributes), push }))).toEqual([
      { type: "moby", attributes: { name: `${app},${other}` }, push: [app, other] },
    ]);
    expect(warnings).toEqual([]);
  }
});
