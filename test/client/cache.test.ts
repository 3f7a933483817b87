import { expect, test } from "bun:test";
import { parseCacheExports, parseCacheImports } from "../../src/client/cache.ts";
import type { FlagContext } from "../../src/client/flag-context.ts";
import { complaintOf, nowhere, plain } from "./flags.ts";

const digest = `sha256:${"a".repeat(64)}`;
const github: FlagContext = {
  ...nowhere,
  variables: { ACTIONS_CACHE_URL: "https://cache", ACTIONS_RUNTIME_TOKEN: "t" },
};

const show = (caches: ReturnType<typeof parseCacheExports>) =>
  caches.entries.map(({ type, attributes, path }) => [type, plain(attributes), ...(path === undefined ? [] : [path])]);

type Row = readonly [value: string, entries: readonly unknown[], context?: FlagContext];

const exported: readonly Row[] = [
  ["user/app:cache", [["registry", { ref: "docker.io/user/app:cache", mode: "min" }]]],
  [
    "app:a,app:b",
    [
      ["registry", { ref: "docker.io/library/app:a", mode: "min" }],
      ["registry", { ref: "docker.io/library/app:b", mode: "min" }],
    ],
  ],
  ["type=registry,ref=localhost:5000/c,mode=max", [["registry", { ref: "localhost:5000/c:latest", mode: "max" }]]],
  ["TYPE=registry,REF=c,MODE=max", [["registry", { ref: "docker.io/library/c:latest", mode: "max" }]]],
  [
    "type=registry,ref=c,image-manifest=false,oci-mediatypes=1,compression=zstd,compression-level=3,force-compression=t,ignore-error=true,registry.insecure=true",
    [
      [
        "registry",
        {
          ref: "docker.io/library/c:latest",
          "image-manifest": "false",
          "oci-mediatypes": "true",
          compression: "zstd",
          "compression-level": "3",
          "force-compression": "true",
          "ignore-error": "true",
          "registry.insecure": "true",
          mode: "min",
        },
      ],
    ],
  ],
  ["type=inline", [["inline", { mode: "min" }]]],
  ["type=local,dest=c", [["local", { dest: "c", mode: "min" }, "/nowhere/c"]]],
  [
    "type=local,dest=/c,tag=x,reset=1,mode=max",
    [["local", { dest: "/c", tag: "x", reset: "true", mode: "max" }, "/c"]],
  ],
  ["type=gha,scope=s", [["gha", { scope: "s", url: "https://cache", token: "t", mode: "min" }]], github],
  ["type=s3,bucket=b,region=r", [["s3", { bucket: "b", region: "r", mode: "min" }]]],
  ["type=azblob,account_url=https://a", [["azblob", { account_url: "https://a", mode: "min" }]]],
];

for (const [value, entries, context = nowhere] of exported) {
  test(`--cache-to ${value}`, () => {
    const caches = parseCacheExports([value], context);
    expect<unknown>(show(caches)).toEqual([...entries]);
    expect(caches.warnings).toEqual([]);
  });
}

const imported: readonly Row[] = [
  ["user/app:cache", [["registry", { ref: "docker.io/user/app:cache" }]]],
  [`localhost:5000/c@${digest}`, [["registry", { ref: `localhost:5000/c@${digest}` }]]],
  [
    "type=registry,ref=c,registry.insecure=t",
    [["registry", { ref: "docker.io/library/c:latest", "registry.insecure": "true" }]],
  ],
  ["type=local,src=./c", [["local", { src: "./c" }, "/nowhere/c"]]],
  [`type=local,src=c,tag=x,digest=${digest}`, [["local", { src: "c", tag: "x", digest }, "/nowhere/c"]]],
  ["type=gha", [["gha", { url: "https://cache", token: "t" }]], github],
  ["type=gha,token=own,url=http://own", [["gha", { token: "own", url: "http://own" }]], github],
  ["type=azblob,account_url=https://a,name=x;y", [["azblob", { account_url: "https://a", name: "x;y" }]]],
];

for (const [value, entries, context = nowhere] of imported) {
  test(`--cache-from ${value}`, () => {
    expect<unknown>(show(parseCacheImports([value], context))).toEqual([...entries]);
  });
}

test("a gha cache outside GitHub Actions is left out", () => {
  expect(parseCacheExports(["type=gha", "type=inline"], nowhere)).toMatchObject({
    entries: [{ type: "inline" }],
    warnings: [expect.stringContaining("--cache-to: the cache of type=gha is left out: it has no url=")],
  });
  const { warnings } = parseCacheImports(["type=gha,url=http://x"], nowhere);
  expect(warnings).toEqual([expect.stringContaining("ACTIONS_RUNTIME_TOKEN")]);
});

test("settings of a written cache have no effect on one that is read, and that is said", () => {
  const { entries, warnings } = parseCacheImports(["type=registry,ref=c,mode=max"], nowhere);
  expect(entries.map(({ attributes }) => plain(attributes))).toEqual([{ ref: "docker.io/library/c:latest" }]);
  expect(warnings).toEqual(["--cache-from: mode= has no effect on a cache that is read"]);
});

test("several inline caches are one", () => {
  expect(parseCacheExports(["type=inline", "type=inline"], nowhere).entries).toHaveLength(1);
});

test.each([
  ["", "the value is empty"],
  ["ref=c", "it says no type="],
  ["type=", "it says no type="],
  ["type=regsitry,ref=c", 'there is no type "regsitry" (did you mean "registry"?)'],
  ["type=registry", "type=registry needs ref="],
  ["type=registry,ref=C", '"ref=C": "C" is not an image name'],
  [`type=registry,ref=c@${digest}`, "has a digest"],
  ["type=registry,ref=c,mode=all", '"mode=all": expected min or max'],
  ["type=registry,ref=c,ignore-error=maybe", '"ignore-error=maybe": expected true or false'],
  ["type=registry,ref=c,compression=x", "expected uncompressed, gzip, estargz or zstd"],
  ["type=registry,ref=c,compression=zstd,oci-mediatypes=false", "compression=zstd needs OCI media types"],
  ["type=registry,ref=c,compression-level=11", "expected 0 to 9"],
  ["type=registry,reff=c", 'type=registry has no attribute "reff" (did you mean "ref"?)'],
  ["type=inline,mode=max", "type=inline keeps the layers of the result only"],
  ["type=inline,ref=c", 'type=inline has no attribute "ref"'],
  ["type=local", "type=local needs dest="],
  ["type=local,src=c", 'type=local has no attribute "src"'],
  ["type=local,dest=c,reset=x", '"reset=x": expected true or false'],
  ["type=s3,use_path_style=x", '"use_path_style=x": expected true or false'],
  ["type=s3,upload_parallelism=0", "expected a whole number of 1 or more"],
  ["type=s3,touch_refresh=1d", "expected a duration"],
  ["type=s3,retry_mode=fast", "expected standard or adaptive"],
  ["type=s3,retry_max_attempts=-1", "expected a whole number of 1 or more"],
  ["type=s3,endpoint_url=minio", "expected a URL"],
  ["type=s3,buckets=b", '(did you mean "bucket"?)'],
  ["type=gha,version=3", "expected 1 or 2"],
  ["type=gha,timeout=10", "expected a duration"],
  ["type=gha,scopes=x", '(did you mean "scope"?)'],
  ["type=azblob,account_url=a", "expected a URL"],
])("--cache-to %j is refused: %s", (value, complaint) => {
  const message = complaintOf(() => parseCacheExports([value], nowhere));
  expect(message).toStartWith("--cache-to: ");
  expect(message).toContain(complaint);
});

test.each([
  ["type=inline", "an inline cache is read as the image that it is in"],
  ["type=local,dest=c", 'type=local has no attribute "dest"'],
  ["type=local", "type=local needs src="],
  ["type=local,src=c,digest=latest", "expected a digest"],
  ["type=registry,ref=", '"ref": the image name is empty'],
])("--cache-from %j is refused: %s", (value, complaint) => {
  expect(complaintOf(() => parseCacheImports([value], nowhere))).toContain(complaint);
});

test.each([
  [["app:c", "type=registry,ref=docker.io/library/app:c,mode=max"], "the same registry cache is written twice"],
  [["type=local,dest=c", "type=local,dest=./c,mode=max"], "the same local cache is written twice"],
  [["type=s3,bucket=b,region=r", "type=s3,region=r,bucket=b"], "the same s3 cache is written twice"],
])("%j are refused: %s", (values, complaint) => {
  expect(complaintOf(() => parseCacheExports(values, nowhere))).toContain(complaint);
});

test("no complaint shows a credential", () => {
  for (const value of [
    "type=s3,secret_access_key=hunter2,hunter3",
    "type=gha,token=hunter2,token=hunter3",
    "type=azblob,secret_access_key=hunter2,x=1",
    'type=s3,session_token="hunter2',
  ]) {
    expect(complaintOf(() => parseCacheExports([value], nowhere))).not.toContain("hunter");
  }
});
