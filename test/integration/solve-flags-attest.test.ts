import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { fetchAttestations } from "../support/registry.ts";
import { solvedIn } from "../support/solve.ts";
import { fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { images, registry, addr, buildctl } = testbed();
const newName = () => `${registry}/attested:${unique()}`;
const script = () => `bk.export(bk.image("${images.busybox}"):run("echo ${unique()} > /made"))`;

const spdx = "https://spdx.dev/Document";
const slsa = "https://slsa.dev/provenance/v1";

/** Does what a scanner is asked for: one statement, of the files of a tree and of its settings. */
const scan = `#!/bin/sh
set -e
cat > "$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json" <<END
{
  "_type": "https://in-toto.io/Statement/v0.1",
  "predicateType": "${spdx}",
  "predicate": {
    "name": "$(basename "$BUILDKIT_SCAN_SOURCE")",
    "setting": "$BUILDKIT_SCAN_DEPTH",
    "made": "$(cat "$BUILDKIT_SCAN_SOURCE/made")"
  }
}
END
`;

describe.concurrent("--sbom", () => {
  const generator = newName();

  beforeAll(async () => {
    const text = `bk.export(bk.image("${images.busybox}"):copy(bk.local_("context"), "scan", "/scan", {mode = "0755"}), {entrypoint = {"/scan"}})`;
    await inDirectory((directory) => solvedIn(directory, text, ["-t", generator, "--push"], { files: { scan } }));
  });

  test.each([
    (image: string) => ["--sbom", `generator=${image},DEPTH=two`],
    (image: string) => ["--attest", `type=sbom,generator=${image},DEPTH=two`],
  ])("attests what the scanner finds: %#", async (flags) => {
    const name = newName();
    const text = script();
    await inDirectory((directory) => solvedIn(directory, text, ["-t", name, "--push", ...flags(generator)]));
    const [statement, ...more] = await fetchAttestations(name);
    expect(more).toEqual([]);
    const made = /echo (\S+)/.exec(text)?.[1] ?? "";
    expect(statement).toMatchObject({ predicateType: spdx, predicate: { name: "sbom", setting: "two", made } });
  });

  test("attests every platform", async () => {
    const name = newName();
    const text = `bk.export(bk.image("${images.multi}"):mkfile("/made", tostring(bk.target_platform())))`;
    const flags = ["-t", name, "--push", "--platform", "linux/amd64,linux/arm64", "--sbom", `generator=${generator}`];
    await inDirectory((directory) => solvedIn(directory, text, flags));
    for (const architecture of ["amd64", "arm64"]) {
      const [statement] = await fetchAttestations(name, architecture);
      expect(statement?.predicate.made).toBe(`linux/${architecture}`);
    }
  });

  test("lies beside the files of a directory", async () => {
    await inDirectory(async (directory) => {
      const output = "type=local,dest=out,attestation-prefix=my.";
      await solvedIn(directory, script(), ["-o", output, "--sbom", `generator=${generator}`, "--provenance", "true"]);
      const read = (name: string) => JSON.parse(readFileSync(join(directory, "out", name), "utf8"));
      expect(read("my.sbom.spdx.json").predicateType).toBe(spdx);
      expect(read("my.provenance.json").predicateType).toBe(slsa);
    });
  });
});

describe.concurrent("--provenance", () => {
  const predicateOf = async (flags: readonly string[]) => {
    const name = newName();
    await inDirectory((directory) => solvedIn(directory, script(), ["-t", name, "--push", ...flags]));
    return { name, statements: await fetchAttestations(name) };
  };
  const steps = (predicate: Readonly<Record<string, unknown>> = {}) =>
    JSON.stringify(predicate).includes("llbDefinition");

  test("is made only when it is asked for", async () => {
    for (const flags of [[], ["--provenance", "false"], ["--attest", "type=provenance,disabled=true"]]) {
      const { name, statements } = await predicateOf(flags);
      expect(statements).toEqual([]);
      expect((await fetchManifest(name)).mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
    }
  });

  test("has every step by default, and few words with mode=min", async () => {
    const [max, min] = await Promise.all([
      predicateOf(["--provenance", "true"]),
      predicateOf(["--provenance", "mode=min"]),
    ]);
    for (const { statements } of [max, min]) expect(statements.map((each) => each.predicateType)).toEqual([slsa]);
    expect([steps(max.statements[0]?.predicate), steps(min.statements[0]?.predicate)]).toEqual([true, false]);
  });

  test("takes its settings", async () => {
    const { statements } = await predicateOf([
      "--attest",
      "type=provenance,version=v0.2,builder-id=https://ci/7,reproducible=true",
    ]);
    expect(statements).toMatchObject([
      {
        predicateType: "https://slsa.dev/provenance/v0.2",
        predicate: { builder: { id: "https://ci/7" }, metadata: { reproducible: true } },
      },
    ]);
  });

  test("names the build as the daemon's history does", async () => {
    await inDirectory(async (directory) => {
      const name = newName();
      await solvedIn(directory, script(), ["-t", name, "--push", "--provenance", "true", "--ref-file", "ref"]);
      const ref = readFileSync(join(directory, "ref"), "utf8");
      const child = Bun.spawn([buildctl, "--addr", addr, "debug", "histories", "--format", "{{.Record.Ref}}"], {
        stdout: "pipe",
      });
      expect(await new Response(child.stdout).text()).toContain(ref);
    });
  });
});
