import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Descriptor } from "../../scripts/testbed/layout.ts";
import { type Files, inDirectory, unique, writeFiles } from "../support/build.ts";
import { bothPlatforms, describePool, usePool } from "../support/builder-pool.ts";
import { type LuakitResult, writeScript } from "../support/luakit.ts";
import { fetchAttestations, fetchBlob } from "../support/registry.ts";
import { readReport } from "../support/report.ts";
import { type FetchedManifest, fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, registry, addr } = testbed();
const newRepository = () => `${registry}/pool-${unique()}`;
const slsa = "https://slsa.dev/provenance/v1";

const pool = usePool();

/** A script whose steps say which platform they are for. */
function script(word: string): string {
  return `
    local platform = tostring(bk.target_platform())
    local built = bk.image("${images.multi}"):run("echo ${word} " .. platform .. " > /made; cp /arch.txt /base")
    bk.export(built, { cmd = { "cat", "/made" } })`;
}

interface Built extends LuakitResult {
  read(file: string): string;
}

/** Builds on the pool for both platforms, and throws when that fails. */
function built<T>(text: string, flags: readonly string[], use: (result: Built) => Promise<T> | T, files: Files = {}) {
  return inDirectory(async (directory) => {
    writeScript(directory, text, files);
    const argv = ["build", "--solve", "--builder=pool", `--platform=${bothPlatforms}`, "--progress=plain", ...flags];
    const result = await pool().luakit(argv, directory);
    if (result.exitCode !== 0) throw new Error(`luakit exits with ${result.exitCode}:\n${result.stderr}`);
    return use({ ...result, read: (file) => readFileSync(join(directory, file), "utf8") });
  });
}

function platformOf({ platform }: Pick<Descriptor, "platform">): string {
  return `${platform?.os}/${platform?.architecture}`;
}

describePool("two daemons, each for a platform of its own, give one index", () => {
  test("with both platforms, of which each was built on its own daemon, under every tag", async () => {
    const [repository, other, word] = [newRepository(), newRepository(), unique()];
    const tags = [`${repository}:1`, `${repository}:latest`, `${other}:1`];
    const flags = [...tags.flatMap((tag) => ["--tag", tag]), "--push", "--ref-file=ref"];
    await built(script(word), flags, async ({ read, stderr }) => {
      const found = await Promise.all(tags.map((tag) => fetchManifest(tag)));
      const [index] = found;
      expect(new Set(found.map(({ digest }) => digest)).size).toBe(1);
      expect(index?.mediaType).toBe("application/vnd.oci.image.index.v1+json");
      expect(index?.manifests?.map(platformOf)).toEqual(bothPlatforms.split(","));
      expect(stderr).toMatch(new RegExp(`digest +${index?.digest}`));
      for (const architecture of ["amd64", "arm64"] as const) {
        const config = await fetchConfig(`${other}:1`, architecture);
        expect([config.os, config.architecture, config.config.Cmd]).toEqual(["linux", architecture, ["cat", "/made"]]);
        const { stdout } = await pool().luakit(["du", "-v", `--addr=${pool()[architecture].addr}`], "/");
        const steps = stdout.split("\n").filter((line) => line.includes(word));
        expect(steps.map((line) => /linux\/\w+/.exec(line)?.[0])).toEqual([`linux/${architecture}`]);
        const inspect = ["history", "inspect", read("ref"), `--addr=${pool()[architecture].addr}`, "--format=json"];
        const record = JSON.parse((await pool().luakit(inspect, "/")).stdout);
        expect(record).toMatchObject({ status: "completed", attributes: { platform: `linux/${architecture}` } });
      }
    });
  });

  test("from bases of one digest, whose files are those of each platform", () =>
    built(script(unique()), ["--output=out", "--push", `--tag=${newRepository()}:1`], ({ read, stderr }) => {
      expect([read("out/linux_amd64/base").trim(), read("out/linux_arm64/base").trim()]).toEqual(["amd64", "arm64"]);
      expect(read("out/linux_arm64/made")).toEndWith(" linux/arm64\n");
      const pinned = [...stderr.matchAll(/busybox:multi@(sha256:[0-9a-f]{64})\n/g)].map(([, digest]) => digest);
      expect(new Set(pinned).size).toBe(1);
    }));

  test.each([
    [
      "OCI's media types",
      "true",
      ', ["index:kept"] = "yes", ["manifest-descriptor:entry"] = "1"',
      "--annotation=index:flag=<&>",
    ],
    ["Docker's", "false", "", "--label=x=y"],
  ])("the same that one daemon makes of both platforms, with %s", async (_, oci, annotations, flag) => {
    const text = `bk.export(bk.image("${images.multi}"), {
      labels = { build = "${unique()}" }, annotations = { ["manifest[linux/arm64]:arm"] = "2"${annotations} } })`;
    const repository = newRepository();
    const output = (tag: string) => `--output=type=registry,name=${repository}:${tag},oci-mediatypes=${oci}`;
    await Promise.all([built(text, [output("pool"), flag], () => undefined), oneDaemon(text, [output("one"), flag])]);
    const [ours, theirs] = await Promise.all([fetchManifest(`${repository}:pool`), fetchManifest(`${repository}:one`)]);
    expect(ours.mediaType).toContain(oci === "true" ? "oci.image.index" : "docker.distribution.manifest.list");
    expect(ours.annotations).toEqual(oci === "true" ? { flag: "<&>", kept: "yes" } : undefined);
    expect(ours.digest).toBe(theirs.digest);
    if (oci !== "true") return;
    expect(ours.manifests?.map((each) => each.annotations)).toEqual([{ entry: "1" }, { entry: "1" }]);
    const parts = (ours.manifests ?? []).map(({ digest }) => fetchManifest(`${repository}@${digest}`));
    expect((await Promise.all(parts)).map((each) => each.annotations)).toEqual([undefined, { arm: "2" }]);
  });

  test("with the attestations of each platform", async () => {
    const repository = newRepository();
    const scan = `#!/bin/sh
echo '{"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://spdx.dev/Document", "predicate": {"saw": "'"$(cat "$BUILDKIT_SCAN_SOURCE/base")"'"}}' > "$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json"
`;
    const scanner = `bk.export(bk.image("${images.multi}"):copy(bk.local_("context"), "scan", "/scan", { mode = "0755" }), { entrypoint = { "/scan" } })`;
    await built(scanner, [`--tag=${repository}:scan`, "--push"], () => undefined, { scan });
    const flags = ["--push", `--tag=${repository}:1`, "--provenance=mode=max", `--sbom=generator=${repository}:scan`];
    await built(script(unique()), flags, () => undefined);
    for (const architecture of ["amd64", "arm64"]) {
      const statements = await fetchAttestations(`${repository}:1`, architecture);
      const byType = Object.fromEntries(statements.map((each) => [each.predicateType, each]));
      expect(Object.keys(byType).sort()).toEqual([slsa, "https://spdx.dev/Document"].sort());
      expect(byType["https://spdx.dev/Document"]?.predicate).toEqual({ saw: architecture });
      expect(JSON.stringify(byType[slsa]?.predicate)).toContain(`linux/${architecture}`);
    }
  });

  test("and files that tell of it and of its parts", async () => {
    const tag = `${newRepository()}:1`;
    await built(
      script(unique()),
      ["--push", `--tag=${tag}`, "--metadata-file=m.json", "--iidfile=id"],
      async ({ read }) => {
        const { digest, manifests = [] } = await fetchManifest(tag);
        const { "luakit.nodes": nodes, ...metadata } = JSON.parse(read("m.json"));
        expect(read("id")).toBe(digest);
        expect(metadata).toEqual({
          "containerimage.digest": digest,
          "containerimage.descriptor": {
            mediaType: expect.stringContaining("image.index"),
            digest,
            size: expect.any(Number),
          },
          "image.name": tag,
        });
        expect(Object.keys(nodes)).toEqual(["pool0", "pool1"]);
        const part = nodes.pool1;
        expect(part.platforms).toEqual(["linux/arm64"]);
        const own = await fetchManifest(`${tag.replace(/:1$/, "")}@${part["containerimage.digest"]}`);
        expect(own.manifests).toEqual(manifests.filter((each) => platformOf(each) === "linux/arm64"));
      },
    );
  });

  test("of what a script exports for platforms of its own, too", async () => {
    const tag = `${newRepository()}:1`;
    const text = `local function built(name)
      local base = bk.image("${images.multi}", { platform = name })
      return base:run("echo " .. tostring(bk.build_platform()) .. " > /here")
    end
    bk.export({ ["linux/amd64"] = built("linux/amd64"), ["linux/arm64"] = built("linux/arm64") })`;
    await inDirectory(async (directory) => {
      writeScript(directory, text);
      const argv = ["build", "--builder=pool", "--push", `--tag=${tag}`, "--output=out"];
      const { exitCode, stderr } = await pool().luakit(argv, directory);
      if (exitCode !== 0) throw new Error(stderr);
      expect((await fetchManifest(tag)).manifests?.map(platformOf)).toEqual(bothPlatforms.split(","));
      const here = (name: string) => readFileSync(join(directory, "out", name, "here"), "utf8").trim();
      expect([here("linux_amd64"), here("linux_arm64")]).toEqual(bothPlatforms.split(","));
    });
  });

  test("and one report, with the steps of each and the lines of the script that made them", async () => {
    const flags = ["--tag", `${newRepository()}:1`, "--push", "--report=report.html"];
    await built(script(unique()), flags, ({ read }) => {
      const { sections, vertices, facts, results } = readReport(read("report.html"));
      const labels = ["pool0 linux/amd64", "pool1 linux/arm64"];
      expect(sections).toEqual(expect.arrayContaining(["linux/amd64", "linux/arm64"]));
      for (const label of labels) {
        const steps = vertices.filter(({ name, kind }) => name.startsWith(`[${label}]`) && kind === "Exec");
        expect(steps.map(({ excerpts }) => excerpts?.[0]?.line)).toEqual([3]);
        expect(sections[steps[0]?.section ?? -1]).toBe(label.split(" ")[1]);
      }
      const [, daemons = []] = facts.find(([label]) => label === "daemon") ?? [];
      expect(daemons.map((daemon) => daemon.replace(/:.*/, ""))).toEqual(labels);
      expect(results.length).toBe(2);
    });
  });
});

/** The same flags on the testbed's daemon, for both platforms. */
function oneDaemon(text: string, flags: readonly string[]): Promise<void> {
  return inDirectory(async (directory) => {
    writeScript(directory, text);
    const { exitCode, stderr } = await pool().luakit(
      ["build", `--addr=${addr}`, `--platform=${bothPlatforms}`, ...flags],
      directory,
    );
    if (exitCode !== 0) throw new Error(stderr);
  });
}

describePool("buildx", () => {
  test("makes the same index of the same parts, byte for byte", async () => {
    const repository = newRepository();
    const flags = ["--push", `--tag=${repository}:1`, "--provenance=true", "--metadata-file=m.json"];
    const parts = await built(script(unique()), flags, ({ read }): string[] => {
      const nodes: readonly Record<string, string>[] = Object.values(JSON.parse(read("m.json"))["luakit.nodes"]);
      return nodes.map((node) => `${repository}@${node["containerimage.digest"]}`);
    });
    await pool().buildx(["imagetools", "create", `--tag=${repository}:theirs`, ...parts]);
    expect((await fetchManifest(`${repository}:1`)).digest).toBe((await fetchManifest(`${repository}:theirs`)).digest);
  });

  test("pushes an index of the same form with this builder", async () => {
    const repository = newRepository();
    const flags = [`--platform=${bothPlatforms}`, "--provenance=mode=max", "--push", "--annotation=index:a=b"];
    await inDirectory(async (directory) => {
      const [v, build] = [unique(), ["build", "--builder=pool", ...flags]];
      writeFiles(directory, {
        Dockerfile: `FROM ${images.multi}\nRUN echo ${v} > /made\nCMD ["cat", "/made"]\n`,
        "build.lua": `bk.export(bk.image("${images.multi}"):run("echo ${v} > /made"), { cmd = { "cat", "/made" } })`,
      });
      const [, ours] = await Promise.all([
        pool().buildx([...build, `--tag=${repository}:theirs`, "."], directory),
        pool().luakit([...build, `--tag=${repository}:ours`], directory),
      ]);
      expect(ours.exitCode).toBe(0);
    });
    const [ours, theirs] = await Promise.all([
      describeIndex(`${repository}:ours`),
      describeIndex(`${repository}:theirs`),
    ]);
    expect(ours).toEqual(theirs);
    expect(ours.index.manifests.map(platformOf)).toEqual([
      "linux/amd64",
      "unknown/unknown",
      "linux/arm64",
      "unknown/unknown",
    ]);
  });
});

/** All of an index but what differs from build to build: digests are the places of what they name, and sizes are left out. */
async function describeIndex(reference: string) {
  const { digest: _, ...index } = await fetchManifest(reference);
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  const entries = index.manifests ?? [];
  const place = (text: string) => {
    const found = entries.findIndex((each) => each.digest === text);
    return found < 0 ? text : String(found);
  };
  const manifests = entries.map(({ size: _size, digest, annotations = {}, ...rest }) => ({
    ...rest,
    digest: place(digest),
    annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, place(value)])),
  }));
  const parts = await Promise.all(entries.map((each) => describeManifest(repository, each)));
  return { index: { ...index, manifests }, parts };
}

async function describeManifest(repository: string, { digest }: Descriptor) {
  const manifest: FetchedManifest & { readonly subject?: Descriptor } = await fetchManifest(`${repository}@${digest}`);
  const config = JSON.parse(new TextDecoder().decode(await fetchBlob(repository, manifest.config?.digest ?? "")));
  return {
    keys: Object.keys(manifest).sort(),
    mediaTypes: [
      manifest.mediaType,
      manifest.config?.mediaType,
      ...(manifest.layers ?? []).map((each) => each.mediaType),
    ],
    predicates: (manifest.layers ?? []).map(({ annotations }) => annotations?.["in-toto.io/predicate-type"]),
    platform: [config.os, config.architecture, config.config?.Cmd],
  };
}
