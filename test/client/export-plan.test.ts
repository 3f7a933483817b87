import { expect, test } from "bun:test";
import type { BuildFlags } from "../../src/client/build-flags.ts";
import type { DaemonTraits } from "../../src/client/daemon-traits.ts";
import { planExports } from "../../src/client/export-plan.ts";
import type { LoadForm } from "../../src/client/planned-export.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { plain, refusalOf } from "./flags.ts";
import { buildkit, graphdriverEngine, oldBuildkit, requestOf } from "./request.ts";

async function plan(flags: Partial<BuildFlags>, daemon: DaemonTraits = buildkit, loadAs: LoadForm = "docker") {
  const { exports, warnings } = planExports(await requestOf(flags), daemon, loadAs);
  return {
    exports: exports.map(({ type, attributes, destination }) => [type, plain(attributes), destination.kind]),
    warnings,
  };
}

const app = "docker.io/library/app:latest";

test("outputs are exporters, in their order", async () => {
  expect(await plan({ tag: ["app"], push: true, output: ["out", "type=oci,dest=x"] })).toEqual({
    exports: [
      ["local", {}, "directory"],
      ["oci", { name: app }, "file"],
      ["image", { name: app, push: "true", unpack: "false" }, "none"],
    ],
    warnings: [],
  });
});

test("an archive to load has the form that the engine takes", async () => {
  const flags = { tag: ["app"], load: true };
  expect((await plan(flags)).exports).toEqual([["docker", { name: app }, "load"]]);
  expect((await plan(flags, buildkit, "oci")).exports).toEqual([
    ["oci", { name: app, "prefer-image-digest": "true" }, "load"],
  ]);
  const several = { ...flags, platforms: ["linux/amd64", "linux/arm64"].map(parsePlatform) };
  expect((await plan(several, buildkit, "oci")).exports).toHaveLength(1);
  expect(await refusalOf(plan(several))).toBe("the Docker Engine that loads the image cannot hold several platforms");
  expect(await refusalOf(plan({ ...flags, provenance: "true" }))).toContain("cannot hold attestations");
});

test("what is lost with the daemon's cache is warned of", async () => {
  expect((await plan({})).warnings).toEqual([
    "nothing is exported: the result stays in the daemon's cache; add --push, --load or --output",
  ]);
  expect((await plan({ output: ["type=cacheonly"] })).warnings).toEqual([]);
  expect((await plan({ tag: ["app"] })).warnings).toEqual([expect.stringContaining("this daemon keeps no images")]);
  expect((await plan({ tag: ["app"] }, { ...buildkit, imageStore: true })).warnings).toEqual([]);
  expect((await plan({ tag: ["app"], push: true })).warnings).toEqual([]);
  expect((await plan({ tag: ["app"], output: ["type=oci,dest=x"] })).warnings).toEqual([]);
});

test.each([
  [{ output: ["out", "type=tar,dest=x"] }, "writes one output in a build"],
  [{ output: ["type=local,dest=tmp/x,mode=delete"] }, "does not know mode=delete"],
  [{ output: ["type=tar,dest=x,platform-split=true"] }, "does not know platform-split="],
  [{ tag: ["app"], output: ["type=image,rewrite-timestamp=true"] }, "does not know rewrite-timestamp="],
  [{ tag: ["app"], output: ["type=image,oci-artifact=true"] }, "does not know oci-artifact="],
  [{ output: ["type=tar"], allow: ["device=a"] }, "does not know the entitlement device"],
  [{ output: ["type=tar"], provenance: "version=v1" }, "does not know provenance version=v1"],
  [{ output: ["type=tar"], provenance: "complete-materials=true" }, "does not know complete-materials"],
] satisfies [Partial<BuildFlags>, string][])("%j is too much for an old daemon: %s", async (flags, complaint) => {
  expect(await refusalOf(plan(flags, oldBuildkit))).toBe(`the daemon (BuildKit v0.12.5) ${complaint}`);
  expect((await plan(flags, { ...oldBuildkit, version: undefined })).exports.length).toBeGreaterThan(0);
});

test("a daemon before v0.11 has neither attestations nor annotations", async () => {
  const ancient: DaemonTraits = { ...buildkit, version: [0, 10] };
  expect(await refusalOf(plan({ output: ["type=tar"], sbom: "true" }, ancient))).toContain(
    "does not make attestations",
  );
  expect(await refusalOf(plan({ tag: ["app"], annotation: ["a=b"] }, ancient))).toContain("does not write annotations");
});

test("what an old daemon does by itself, or for several platforms, it may be told", async () => {
  for (const output of ["type=image,rewrite-timestamp=false", "type=tar,dest=x,platform-split=false"])
    expect((await plan({ output: [output] }, oldBuildkit)).exports).toHaveLength(1);
  const platforms = ["linux/amd64", "linux/arm64"].map(parsePlatform);
  const split = { output: ["type=tar,dest=x,platform-split=true"] };
  expect((await plan({ ...split, platforms }, oldBuildkit)).exports).toHaveLength(1);
});

test("an engine that does not tell its version writes one output", async () => {
  const ancient = { ...graphdriverEngine, version: [0, 10] };
  expect(await refusalOf(plan({ tag: ["app"], load: true, output: ["out"] }, ancient))).toBe(
    "the daemon (BuildKit before v0.11) writes one output in a build",
  );
  expect((await plan({ tag: ["app"], load: true }, ancient)).exports).toHaveLength(1);
});
