import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { expectSuccess, withBuildx } from "../support/client.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { fetchAttestations, type Statement } from "../support/registry.ts";
import { fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { addr, git, http, images, registry, v021 } = testbed();
const { multi, busybox } = images;

const newName = () => `${registry}/attested:${unique()}`;
const spdx = "https://spdx.dev/Document";
let scanner = "";

/** Builds files, the first of which says how, with buildx into an image of the registry. */
async function push(files: Readonly<Record<string, string>>, words: readonly string[], at = addr): Promise<string> {
  const name = newName();
  const [file = ""] = Object.keys(files);
  await inDirectory(async (directory) => {
    writeFiles(directory, files);
    const common = [`--output=type=image,name=${name},push=true`, `--file=${join(directory, file)}`];
    await withBuildx(at, async (buildx) => expectSuccess(await buildx("build", ...common, ...words, directory)));
  });
  return name;
}

async function pushScript(script: string, words: readonly string[], at = addr): Promise<string> {
  const syntax = `--build-arg=BUILDKIT_SYNTAX=${await gatewayImage()}`;
  return push({ "build.lua": script, "c.txt": "c" }, [syntax, ...words], at);
}

beforeAll(async () => {
  const scan = `printf '{"_type":"x","predicateType":"${spdx}","predicate":{"made":"%s","setting":"%s"}}' "$(cat $BUILDKIT_SCAN_SOURCE/made)" "$BUILDKIT_SCAN_DEPTH" > $BUILDKIT_SCAN_DESTINATION/s.spdx.json`;
  const dockerfile = `FROM ${busybox}\nCOPY scan /scan\nENTRYPOINT ["sh", "/scan"]\n`;
  scanner = await push({ Dockerfile: dockerfile, scan }, ["--provenance=false"]);
});

describe.each([
  ["the newest daemon", addr],
  ["v0.21", v021?.addr ?? ""],
])("on %s", (_, at) => {
  test.concurrent("a software list is made of every platform", async () => {
    const script = `bk.export(bk.image("${multi}"):mkfile("/made", tostring(bk.target_platform())))`;
    const platforms = "--platform=linux/amd64,linux/arm64";
    const words = [platforms, `--sbom=generator=${scanner},DEPTH=two`, "--provenance=false"];
    const name = await pushScript(script, words, at);
    for (const architecture of ["amd64", "arm64"]) {
      const [statement, ...more] = await fetchAttestations(name, architecture);
      expect(more).toEqual([]);
      expect(statement).toMatchObject({
        predicateType: spdx,
        predicate: { made: `linux/${architecture}`, setting: "two" },
      });
    }
  });
});

interface Predicate {
  readonly builder: unknown;
  readonly materials: readonly { readonly uri: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly invocation: {
    readonly configSource: { readonly entryPoint?: string };
    readonly parameters: { readonly frontend: string; readonly args: Readonly<Record<string, string>> };
  };
  readonly buildConfig: { readonly llbDefinition: readonly { readonly op: unknown }[] };
  readonly metadata: Readonly<Record<string, unknown>>;
}

async function provenance(name: string): Promise<Predicate> {
  const statements = await fetchAttestations(name);
  const [found] = statements.filter(({ predicateType }: Statement) => predicateType.includes("provenance"));
  const text = JSON.stringify(found?.predicate ?? {});
  return JSON.parse(text);
}

describe("provenance", () => {
  const words = ["--provenance=mode=max,version=v0.2", "--build-arg=WORD=hello"];
  const script = `
bk.export(bk.image("${busybox}")
  :copy(bk.local_("context"), "c.txt", "/c.txt")
  :copy(bk.git("${git.url}#main"), "/", "/git")
  :copy(bk.http("${http.hello.url}", {filename = "hello.txt"}), "hello.txt", "/hello.txt")
  :run("echo $WORD ${unique()} > /said", {env = {WORD = bk.arg("WORD", "")}}))`;
  const dockerfile = `FROM ${busybox}
COPY c.txt /c.txt
ADD ${git.url}#main /git
ADD ${http.hello.url} /hello.txt
ARG WORD
RUN echo $WORD ${unique()} > /said
`;

  test("names the materials with the digests that a Dockerfile of the same files has, and the frontend", async () => {
    const [own, other] = [
      await provenance(await pushScript(script, words)),
      await provenance(await push({ Dockerfile: dockerfile, "c.txt": "c" }, words)),
    ];
    const isFrontend = ({ uri }: Predicate["materials"][number]) => uri.includes("luakit-gateway");
    const sorted = ({ materials }: Predicate) =>
      materials.filter((each) => !isFrontend(each)).toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
    expect(sorted(own)).toEqual(sorted(other));
    const algorithms = sorted(own).flatMap(({ digest }) => Object.keys(digest));
    expect(algorithms.toSorted()).toEqual(["sha1", "sha256", "sha256"]);
    const { digest } = await fetchManifest(await gatewayImage());
    expect(own.materials.find(isFrontend)?.digest).toEqual({ sha256: digest.replace("sha256:", "") });
    expect(own.invocation.configSource.entryPoint).toBe("build.lua");
    expect(own.invocation.parameters.args).toMatchObject({ "build-arg:WORD": "hello" });
  });

  test("has the graph, and the script with the lines of its steps", async () => {
    const own = await provenance(await pushScript(script, words));
    expect(JSON.stringify(own.buildConfig.llbDefinition)).toContain("echo $WORD");
    const { source } = JSON.parse(JSON.stringify(own.metadata["https://mobyproject.org/buildkit@v1#metadata"]));
    const [info] = source.infos;
    expect([info.filename, info.language]).toEqual(["build.lua", "Lua"]);
    expect(Buffer.from(info.data, "base64").toString()).toBe(script);
    const lines = Object.values(source.locations).flatMap((each) => JSON.stringify(each).match(/"line":\d+/g) ?? []);
    expect(new Set(lines)).toEqual(new Set(['"line":2', '"line":3', '"line":4', '"line":5', '"line":6']));
  });

  test("of less detail has neither", async () => {
    const own = await provenance(await pushScript(script, ["--provenance=mode=min,version=v0.2"]));
    expect(own.materials.length).toBeGreaterThan(3);
    expect(own.buildConfig).toBeUndefined();
    expect(JSON.stringify(own)).not.toContain("echo $WORD");
  });
});
