import { expect, test } from "bun:test";
import type { BuildFlags } from "../../src/client/build-flags.ts";
import { planSolve } from "../../src/client/solve-request.ts";
import { SolveRequest } from "../../src/gen/control.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { buildkit, containerdEngine, requestOf } from "./request.ts";

const planned = async (flags: Partial<BuildFlags>, variables = {}) =>
  planSolve(await requestOf(flags, { variables }), buildkit).request;

test("nothing asked for is an empty request", async () => {
  expect<unknown>(await planned({})).toEqual({
    Exporters: [],
    FrontendAttrs: {},
    Cache: { Exports: [], Imports: [] },
    Entitlements: [],
    SourcePolicy: undefined,
  });
});

test("exporters go out in both forms", async () => {
  const { Exporters, ExporterDeprecated, ExporterAttrsDeprecated } = await planned({
    tag: ["app"],
    output: ["type=oci,dest=x", "out"],
  });
  expect<unknown>([Exporters, ExporterDeprecated, ExporterAttrsDeprecated]).toEqual([
    [
      { Type: "oci", Attrs: { name: "docker.io/library/app:latest" } },
      { Type: "local", Attrs: {} },
    ],
    "oci",
    { name: "docker.io/library/app:latest" },
  ]);
});

test("flags are frontend options", async () => {
  const { FrontendAttrs } = await planned(
    {
      opt: ["x=1", "label:a=0"],
      buildArg: ["A=1"],
      label: ["a=b"],
      target: "t",
      platforms: ["linux/arm64/v8", "linux/amd64", "linux/arm/v7"].map(parsePlatform),
      noCache: true,
      offline: true,
      sbom: "generator=scan",
      provenance: "true",
    },
    { SOURCE_DATE_EPOCH: "5" },
  );
  expect<unknown>(FrontendAttrs).toEqual({
    "attest:provenance": "",
    "attest:sbom": "generator=scan",
    "build-arg:A": "1",
    "build-arg:SOURCE_DATE_EPOCH": "5",
    "image-resolve-mode": "local",
    "label:a": "b",
    "no-cache": "",
    platform: "linux/arm64,linux/amd64,linux/arm/v7",
    target: "t",
    x: "1",
  });
});

test("--offline means nothing to a daemon that keeps no images, and that is said", async () => {
  const build = await requestOf({ offline: true, output: ["out"] });
  expect(planSolve(build, buildkit).warnings).toEqual([expect.stringContaining("--offline has no effect")]);
  expect(planSolve(build, containerdEngine).warnings).toEqual([]);
});

test("caches go out as options and, to a frontend, as JSON", async () => {
  const { FrontendAttrs, Cache } = await planned({
    cacheFrom: ["app:cache", "type=local,src=c"],
    cacheTo: ["type=inline", "type=local,dest=c,mode=max"],
  });
  const imports = [
    { Type: "registry", Attrs: { ref: "docker.io/library/app:cache" } },
    { Type: "local", Attrs: { src: "c" } },
  ];
  expect<unknown>(Cache).toEqual({
    Exports: [
      { Type: "inline", Attrs: { mode: "min" } },
      { Type: "local", Attrs: { dest: "c", mode: "max" } },
    ],
    Imports: imports,
  });
  expect<unknown>(FrontendAttrs).toEqual({ "cache-imports": JSON.stringify(imports) });
});

test("imports that were looked at take the place of those that were asked for", async () => {
  const request = await requestOf({ cacheFrom: ["type=local,src=c"] });
  const plan = planSolve(request, buildkit, { cacheImports: [] });
  expect([plan.request.FrontendAttrs, plan.cacheImports]).toEqual([{}, []]);
});

test("entitlements are sent as they are", async () => {
  expect((await planned({ allow: ["network.host", "device=a,alias=b", "buildx.local.delete"] })).Entitlements).toEqual([
    "network.host",
    "device=a,alias=b",
  ]);
});

test("a Docker Engine has an image by default", async () => {
  const { request, exports } = planSolve(await requestOf({}), containerdEngine);
  expect<unknown>(request.Exporters).toEqual([{ Type: "moby", Attrs: { "prefer-image-digest": "true" } }]);
  expect(exports).toHaveLength(1);
});

test("the message is what the daemon reads", async () => {
  const bytes = SolveRequest.encode(await planned({ tag: ["app"], push: true, cacheTo: ["type=inline"], target: "t" }));
  expect(SolveRequest.decode(bytes)).toMatchObject({
    Exporters: [{ Type: "image", Attrs: { push: "true" } }],
    FrontendAttrs: { target: "t" },
    Cache: { Exports: [{ Type: "inline" }] },
  });
});
