import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { built, type FrontendBuild, failure, frontendBuild, frontendTree } from "../support/frontend-build.ts";
import { fetchAttestations } from "../support/registry.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { images, registry, addr, v012 } = testbed();
const daemons = [["the newest daemon", addr], ...(v012 === undefined ? [] : [["v0.12", v012.addr] as const])] as const;

const newName = () => `${registry}/gateway-option:${unique()}`;
const pushed = (name: string) => [`type=image,name=${name},push=true`];

/** Pushes what a build gives and tells its name. */
async function push(build: FrontendBuild): Promise<string> {
  const name = newName();
  await built(frontendBuild({ ...build, output: pushed(name) }));
  return name;
}

const script = (image: string, run = "true") => ({
  "build.lua": `
    local made = bk.image("${image}"):run("${run} # ${unique()}"):mkfile("/made", tostring(bk.target_platform()))
    bk.export(made, {labels = {own = "script"}})`,
});
const dockerfile = (image: string) => ({
  Dockerfile: `FROM ${image}\nARG TARGETPLATFORM\nRUN true # ${unique()}\nCOPY <<EOF /made\n$TARGETPLATFORM\nEOF\nLABEL own=script\n`,
});
/** A base for platforms that this machine does not run. */
const files = (image: string) => ({
  "build.lua": `bk.export(bk.image("${image}"):mkfile("/made", "${unique()} " .. tostring(bk.target_platform())))`,
});
const copied = (image: string) => ({ Dockerfile: `FROM ${image}\nCOPY <<EOF /made\n${unique()}\nEOF\n` });

const platformsOf = async (name: string) => {
  const { manifests } = await fetchManifest(name);
  return manifests?.map(({ platform }) => [platform?.os, platform?.architecture, platform?.variant]);
};

describe.concurrent("platforms", () => {
  test.each(daemons)("several are one index on %s", async (_, daemon) => {
    const opts = { platform: "linux/x86_64,linux/arm64/v8" };
    const names = await Promise.all([
      push({ files: files(images.multi), opts, addr: daemon }),
      push({ files: copied(images.multi), opts, addr: daemon }),
    ]);
    const [ours, theirs] = await Promise.all(names.map(platformsOf));
    expect(ours).toEqual([
      ["linux", "amd64", undefined],
      ["linux", "arm64", undefined],
    ]);
    expect(ours).toEqual(theirs);
  });

  test.each([
    [{ "multi-platform": "true" }, 1],
    [{ "build-arg:BUILDKIT_MULTI_PLATFORM": "1", "multi-platform": "false" }, 1],
    [{ "multi-platform": "false" }, undefined],
    [{ platform: "linux/amd64" }, undefined],
  ])("one is an index if that is asked for: %j", async (opts, count) => {
    const names = await Promise.all([
      push({ files: files(images.busybox), opts }),
      push({ files: copied(images.busybox), opts }),
    ]);
    const [ours, theirs] = await Promise.all(names.map(platformsOf));
    expect(ours?.length).toBe(count);
    expect(ours).toEqual(theirs);
  });

  test("of the script are refused when one is asked for", async () => {
    const text = `local s = bk.scratch():mkfile("/x", "")\nbk.export{["linux/amd64"] = s, ["linux/arm64"] = s}`;
    const opts = { "multi-platform": "false" };
    expect(await failure(frontendBuild({ files: { "build.lua": text }, opts }))).toContain(
      'option "multi-platform": it is false, and the script exports linux/amd64, linux/arm64',
    );
  });
});

describe.concurrent("target, arguments and labels", () => {
  const text = `
    local function said(name)
      local words = { name, bk.arg("WORD", "-"), os.getenv("BARE") or "-", os.getenv("BUILDKIT_MULTI_PLATFORM") or "-",
        os.getenv("source") or "-" }
      return bk.scratch():mkfile("/said", table.concat(words, " ")), {labels = {a = "script", b = "script"}}
    end
    bk.target("one", {default = true}, function() return said("one") end)
    bk.target("two", {}, function() return said("two") end)`;
  const opts = {
    target: "two",
    "build-arg:WORD": "a=b, c",
    BARE: "bare",
    "build-arg:BUILDKIT_MULTI_PLATFORM": "0",
    "label:b": "client",
    "label:c": "x=y",
  };

  test.each(daemons)("reach the script and the image on %s", async (_, daemon) => {
    const all = { files: { "build.lua": text }, opts, addr: daemon };
    const [tree, name] = await Promise.all([frontendTree(all), push(all)]);
    expect(tree.text("said")).toBe("two a=b, c bare 0 -");
    expect((await fetchConfig(name)).config.Labels).toEqual({ a: "script", b: "client", c: "x=y" });
  });

  test("have defaults, and an unknown target is told", async () => {
    const tree = await frontendTree({ files: { "build.lua": text } });
    expect(tree.text("said")).toBe("one - - - -");
    const said = await failure(frontendBuild({ files: { "build.lua": text }, opts: { target: "too" } }));
    expect(said).toContain('the script has no target "too" (did you mean "two"?)');
  });
});

describe.concurrent("SOURCE_DATE_EPOCH", () => {
  const opts = { "build-arg:SOURCE_DATE_EPOCH": "1600000000" };
  const time = "2020-09-13T12:26:40Z";

  test.each(daemons)("is the time of the image on %s", async (_, daemon) => {
    const name = await push({ files: script(images.busybox), opts, addr: daemon });
    expect((await fetchConfig(name)).created).toBe(time);
  });

  test("is the time of layers that an exporter rewrites, of each platform", async () => {
    await inDirectory(async (directory) => {
      const archive = join(directory, "out.tar");
      const output = [`type=oci,dest=${archive},rewrite-timestamp=true,tar=true`];
      const platform = "linux/amd64,linux/arm64";
      const build = { files: files(images.multi), opts: { ...opts, platform }, output };
      await built(frontendBuild(build));
      const once = readFileSync(archive);
      await built(frontendBuild(build));
      expect(readFileSync(archive).equals(once)).toBe(true);
    });
  });

  test("that is no time is refused", async () => {
    const running = frontendBuild({ files: script(images.busybox), opts: { "build-arg:SOURCE_DATE_EPOCH": "today" } });
    expect(await failure(running)).toContain(
      'option "build-arg:SOURCE_DATE_EPOCH": expected seconds since 1970-01-01, up to the year 9999, or context, got "today"',
    );
  });
});

describe.concurrent("attestations", () => {
  const scan = `#!/bin/sh
cat > "$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json" <<END
{"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://spdx.dev/Document",
 "predicate": {"name": "$(basename "$BUILDKIT_SCAN_SOURCE")", "made": "$(cat "$BUILDKIT_SCAN_SOURCE/made")", "depth": "$BUILDKIT_SCAN_DEPTH"}}
END
`;
  let scanner = "";
  beforeAll(async () => {
    const text = `local scan = bk.scratch():mkfile("/scan", [==[${scan}]==], {mode = "0755"})
      bk.export(bk.image("${images.busybox}"):copy(scan, "/scan", "/scan"), {entrypoint = {"/scan"}})`;
    scanner = await push({ files: { "build.lua": text } });
  });
  const asked = (platform: string) => ({
    platform,
    "attest:sbom": `generator=${scanner},DEPTH=two`,
    "attest:provenance": "mode=max",
  });
  const shape = async (name: string, architecture: string) =>
    (await fetchAttestations(name, architecture)).map(({ predicateType }) => predicateType).sort();

  const scannedOf = async (name: string, architecture: string) =>
    (await fetchAttestations(name, architecture)).find(({ predicateType }) => predicateType.includes("spdx"))
      ?.predicate;

  test.each(daemons)("are made of every platform on %s", async (_, daemon) => {
    const opts = asked("linux/amd64,linux/arm64");
    const [ours, theirs] = await Promise.all([
      push({ files: files(images.multi), opts, addr: daemon }),
      push({ files: copied(images.multi), opts, addr: daemon }),
    ]);
    for (const architecture of ["amd64", "arm64"]) {
      const [sbom, scanned] = await Promise.all([ours, theirs].map((name) => scannedOf(name, architecture)));
      // Old daemons give a scanner no settings.
      expect(sbom).toMatchObject({ name: "sbom", depth: scanned?.depth });
      expect(sbom?.made).toContain(`linux/${architecture}`);
      expect(await shape(ours, architecture)).toEqual(await shape(theirs, architecture));
      expect(await shape(ours, architecture)).toHaveLength(2);
    }
  });

  test("of one platform are those of a Dockerfile, and name the script", async () => {
    const opts = asked("linux/amd64");
    const [ours, theirs] = await Promise.all([
      push({ files: script(images.busybox), opts }),
      push({ files: dockerfile(images.busybox), opts }),
    ]);
    expect(await shape(ours, "amd64")).toEqual(await shape(theirs, "amd64"));
    const provenance = (await fetchAttestations(ours)).find(({ predicateType }) => predicateType.includes("slsa"));
    expect(JSON.stringify(provenance?.predicate)).toContain('"filename":"build.lua"');
  });
});

describe.concurrent("what the client is told", () => {
  const metadata = async (build: FrontendBuild) =>
    inDirectory(async (directory) => {
      const file = join(directory, "metadata.json");
      await built(frontendBuild({ ...build, output: pushed(newName()), args: ["--metadata-file", file] }));
      return Object.keys(JSON.parse(readFileSync(file, "utf8"))).sort();
    });

  test("has the keys that it has of a Dockerfile", async () => {
    expect(await metadata({ files: script(images.busybox) })).toEqual(
      await metadata({ files: dockerfile(images.busybox) }),
    );
  });

  test("is an image whose config has the fields of a Dockerfile's", async () => {
    const opts = { "label:l": "1", "build-arg:SOURCE_DATE_EPOCH": "1600000000" };
    const [ours, theirs] = await Promise.all([
      push({ files: script(images.configured), opts }).then(fetchConfig),
      push({ files: dockerfile(images.configured), opts }).then(fetchConfig),
    ]);
    expect({ ...ours, rootfs: {}, history: [] }).toEqual({ ...theirs, rootfs: {}, history: [] });
  });
});

test("what BuildKit has no more is refused", async () => {
  const opts = { "build-arg:BUILDKIT_DISABLE_FILEOP": "1" };
  expect(await failure(frontendBuild({ files: script(images.busybox), opts }))).toContain("BUILDKIT_DISABLE_FILEOP");
});
