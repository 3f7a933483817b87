import { expect, test } from "bun:test";
import { inFlagDirectory, plain, refusalOf } from "./flags.ts";
import { requestOf } from "./request.ts";

test("no flag is a build of the working directory that exports nothing", async () => {
  expect(await requestOf({}, { cwd: "/tmp" })).toEqual({
    daemon: { address: undefined, builder: undefined, daemonless: false, tls: undefined, platform: undefined },
    locals: [{ name: "context", path: "/tmp" }],
    ociLayouts: [],
    secrets: [],
    ssh: [],
    registryTls: [],
    options: new Map(),
    labels: new Map(),
    annotations: new Map(),
    target: undefined,
    platforms: [],
    outputs: [],
    cacheOnly: false,
    cacheImports: [],
    cacheExports: [],
    attestations: new Map(),
    noCache: false,
    entitlements: [],
    sourcePolicy: undefined,
    offline: false,
    progress: "auto",
    files: {},
    warnings: [],
  });
});

test("labels come from both flags, and the flag for them counts", async () => {
  const { labels } = await requestOf({ opt: ["label:a=1", "label:b=2", "label:=3"], label: ["a=4"] });
  expect(plain(labels)).toEqual({ a: "4", b: "2" });
});

test("the cache is left out by the flag or by the option that a frontend has for it", async () => {
  expect((await requestOf({ noCache: true })).noCache).toBe(true);
  expect((await requestOf({ opt: ["no-cache="] })).noCache).toBe(true);
  expect((await requestOf({ opt: ["no-cache=stage"] })).noCache).toBe(false);
});

test("progress is the flag's, else the variable's", async () => {
  const variables = { BUILDKIT_PROGRESS: "plain" };
  expect((await requestOf({ progress: "rawjson" }, { variables })).progress).toBe("rawjson");
  expect((await requestOf({}, { variables })).progress).toBe("plain");
  expect((await requestOf({}, { variables: { BUILDKIT_PROGRESS: "" } })).progress).toBe("auto");
  expect(await refusalOf(requestOf({ progress: "plian" }))).toBe(
    '--progress: "plian" is not known (did you mean "plain"?)',
  );
  expect(await refusalOf(requestOf({}, { variables: { BUILDKIT_PROGRESS: "x" } }))).toBe(
    'BUILDKIT_PROGRESS: "x" is not known',
  );
});

test("warnings of all flags are together", async () => {
  const { warnings } = await requestOf({
    tag: ["app"],
    output: ["-"],
    cacheTo: ["type=gha"],
    cacheFrom: ["type=registry,ref=a,mode=max"],
  });
  expect(warnings).toEqual([
    expect.stringContaining("--tag has no effect"),
    expect.stringContaining("--cache-from: mode="),
    expect.stringContaining("--cache-to: the cache of type=gha"),
  ]);
});

test("every flag has its place", async () => {
  const files = { "src/x": "", secret: "s", "layout/blobs/x": "", policy: "{}", ca: "" };
  await inFlagDirectory(files, async (context) => {
    const request = await requestOf(
      {
        addr: "tcp://x:1",
        local: ["src=src"],
        ociLayout: ["base=layout"],
        secret: ["id=s,src=secret"],
        registryTls: ["host=r,ca=ca"],
        output: ["type=local,dest=../out,mode=delete"],
        allow: ["buildx.local.delete", "security.insecure"],
        sourcePolicyFile: "policy",
        files: { metadata: "m.json" },
        target: "t",
        offline: true,
      },
      context,
    );
    expect(request).toMatchObject({
      daemon: { address: "tcp://x:1" },
      locals: [{ name: "context" }, { name: "src" }],
      ociLayouts: [{ name: "base" }],
      secrets: [{ id: "s" }],
      registryTls: [{ host: "r" }],
      outputs: [{ type: "local" }],
      entitlements: ["security.insecure"],
      sourcePolicy: { rules: [] },
      files: { metadata: `${context.cwd}/m.json` },
      target: "t",
      offline: true,
    });
  });
});
