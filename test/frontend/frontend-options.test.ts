import { describe, expect, test } from "bun:test";
import { readFrontendOptions } from "../../src/frontend/frontend-options.ts";
import { formatPlatform } from "../../src/oci/platform.ts";

const read = (options: Readonly<Record<string, string>>) => readFrontendOptions(new Map(Object.entries(options)));

test("without options everything has its default", () => {
  expect(read({})).toEqual({
    filename: "build.lua",
    target: undefined,
    platforms: [],
    index: undefined,
    buildArguments: new Map(),
    labels: new Map(),
    noCache: false,
    noCacheTargets: [],
    cacheImports: [],
    resolveMode: "default",
    steps: expect.anything(),
    epoch: undefined,
    epochOfContext: false,
    passedOn: expect.anything(),
    contexts: new Map(),
  });
});

test("options that are there and empty are none", () => {
  const names = "filename target platform multi-platform image-resolve-mode cache-imports cache-from add-hosts ulimit";
  const empty = Object.fromEntries(names.split(" ").map((name) => [name, ""]));
  expect(read({ ...empty, "build-arg:BUILDKIT_MULTI_PLATFORM": "", "build-arg:SOURCE_DATE_EPOCH": "" })).toEqual({
    ...read({}),
    buildArguments: new Map([
      ["BUILDKIT_MULTI_PLATFORM", ""],
      ["SOURCE_DATE_EPOCH", ""],
    ]),
  });
});

test("options that nobody knows are left alone", () => {
  const unknown = { "vcs:source": "https://x", "attest:sbom": "", "local-sessionid:context": "s", "new:thing": "1" };
  expect(read(unknown)).toEqual(read({}));
});

describe("platforms", () => {
  const platforms = (platform: string) => read({ platform }).platforms.map(formatPlatform);

  test("are normalised, and each is there once, in the order given", () => {
    expect(platforms("linux/aarch64,linux/x86_64,linux/arm64/v8,linux/arm")).toEqual([
      "linux/arm64",
      "linux/amd64",
      "linux/arm/v7",
    ]);
  });

  test("are those of Linux when there is only an architecture", () => {
    expect(platforms("amd64,AArch64,armhf")).toEqual(["linux/amd64", "linux/arm64", "linux/arm/v7"]);
  });

  test.each(["linux", "amd46", "linux/amd64,", "linux/amd64/v2/x", "linux/a b"])("are no %j", (platform) => {
    expect(() => read({ platform })).toThrow('option "platform": ');
  });

  test.each([
    ["1", "", true],
    ["F", "", false],
    ["", "true", true],
    ["false", "T", true],
    ["", "", undefined],
  ])("make an index, with multi-platform %j and its build argument %j: %p", (option, argument, expected) => {
    const options = { "multi-platform": option, "build-arg:BUILDKIT_MULTI_PLATFORM": argument };
    expect(read(options).index).toBe(expected);
  });

  test("several are refused where one is asked for", () => {
    const platform = "linux/amd64,linux/arm64";
    expect(() => read({ platform, "multi-platform": "0" })).toThrow(
      'option "multi-platform": it is false, and platform names 2',
    );
    expect(() => read({ platform, "build-arg:BUILDKIT_MULTI_PLATFORM": "false" })).toThrow(
      'option "build-arg:BUILDKIT_MULTI_PLATFORM": it is false',
    );
    expect(() => read({ "multi-platform": "maybe" })).toThrow('option "multi-platform": expected true or false');
  });
});

describe("no-cache", () => {
  test.each([
    [{}, false, []],
    [{ "no-cache": "" }, true, []],
    [{ "no-cache": "app,Base" }, false, ["app", "Base"]],
  ])("%j", (options, all, targets) => {
    const { noCache, noCacheTargets } = read(options);
    expect([noCache, noCacheTargets]).toEqual([all, targets]);
  });
});

describe("caches", () => {
  test("are those of the JSON, then those of the older list", () => {
    const imports = '[{"Type":"registry","Attrs":{"ref":"a"}},{"type":"gha","attrs":null},{"Type":"local"}]';
    expect(read({ "cache-imports": imports, "cache-from": "b,c:1" }).cacheImports).toEqual([
      { Type: "registry", Attrs: { ref: "a" } },
      { Type: "gha", Attrs: {} },
      { Type: "local", Attrs: {} },
      { Type: "registry", Attrs: { ref: "b" } },
      { Type: "registry", Attrs: { ref: "c:1" } },
    ]);
    expect(read({ "cache-imports": "null" }).cacheImports).toEqual([]);
  });

  test.each(["{", "{}", "[1]", '[{"Type":1}]', '[{"Type":"s3","Attrs":{"secret_access_key":7}}]', '[{"Attrs":"x"}]'])(
    "are not %s",
    (imports) => {
      const act = () => read({ "cache-imports": imports });
      expect(act).toThrow('option "cache-imports": expected JSON such as');
      expect(act).not.toThrow("secret_access_key");
    },
  );
});

test.each(["default", "pull", "local"] as const)("images are resolved by %s", (mode) => {
  expect(read({ "image-resolve-mode": mode }).resolveMode).toBe(mode);
});

test("images are resolved in no other way", () => {
  expect(() => read({ "image-resolve-mode": "always" })).toThrow(
    'option "image-resolve-mode": expected default, pull, local, got "always"',
  );
});

test("an epoch is a number of seconds", () => {
  const epoch = (text: string) => read({ "build-arg:SOURCE_DATE_EPOCH": text }).epoch;
  expect([epoch("0"), epoch("1700000000"), epoch("-1")]).toEqual([0, 1_700_000_000, -1]);
  expect(read({ "build-arg:SOURCE_DATE_EPOCH": "context" })).toMatchObject({ epoch: undefined, epochOfContext: true });
  for (const text of ["now", "1.5", "99999999999999999999"]) {
    expect(() => epoch(text)).toThrow(
      'option "build-arg:SOURCE_DATE_EPOCH": expected seconds since 1970-01-01, up to the year 9999, or context',
    );
  }
});

test.each([
  { "override-copy-image": "x" },
  { "gateway-devel": "1" },
  { "build-arg:BUILDKIT_DISABLE_FILEOP": "1" },
  { "build-arg:BUILDKIT_DISABLE_FILEOP": "True" },
])("what BuildKit has no more is refused: %j", (options) => {
  expect(() => read(options)).toThrow(`option "${Object.keys(options)[0]}": BuildKit has it no more`);
});

test("what BuildKit has no more may be switched off", () => {
  expect(read({ "build-arg:BUILDKIT_DISABLE_FILEOP": "0", "override-copy-image": "" }).filename).toBe("build.lua");
});

test("other frontends get what counts for steps, and the caches", () => {
  const given = {
    memory: "1000",
    hostname: "h",
    "build-arg:BUILDKIT_CACHE_MOUNT_NS": "n",
    "cache-from": "ref",
  };
  expect(read({ ...given, "build-arg:OWN": "1", target: "t", platform: "linux/arm64" }).passedOn).toEqual({
    ...given,
    "luakit-nesting": "1",
  });
});

test("the script is the file that a #syntax line was found in, which is named or the default of Dockerfiles", () => {
  expect(read({}).filename).toBe("build.lua");
  expect(read({ cmdline: "luakit" }).filename).toBe("Dockerfile");
  expect(read({ cmdline: "luakit", filename: "x.lua" }).filename).toBe("x.lua");
});
