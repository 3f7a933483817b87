import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, unique, writeFiles } from "../support/build.ts";
import { type ClientResult, expectSuccess, type Program, withBuildx, withDocker } from "../support/client.ts";
import { withEngineSocket } from "../support/engine-socket.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { fetchAttestations, type Statement } from "../support/registry.ts";
import { buildctlBuild, fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";
import { readTree } from "../support/tree.ts";

setDefaultTimeout(180_000);

const { images, registry, addr, v012, v021, docker: engine } = testbed();
const { busybox, multi } = images;

const dockerfile = (mark = unique()) => `
ARG IMAGE=nothing
FROM ${busybox} AS base
ARG WORD=none
WORKDIR /work
RUN echo "$WORD ${mark}" > word

FROM base AS app
COPY . files/
CMD ["serve"]
LABEL made.by=dockerfile

FROM base AS other
RUN echo other > word
`;

const project = (text = dockerfile()) => ({ Dockerfile: text, ".dockerignore": "*.log\n", "a.txt": "a", "b.log": "b" });

/** Builds files with a client, with luakit's image for the Dockerfile as a line or as an argument. */
async function build(files: Files, words: readonly string[], client = onNewest): Promise<ClientResult> {
  const syntax = await gatewayImage();
  return inDirectory((directory) => {
    writeFiles(directory, files);
    return client((run) =>
      run("build", "--progress=plain", `--build-arg=BUILDKIT_SYNTAX=${syntax}`, ...words, directory),
    );
  });
}

const onNewest = <T>(use: (buildx: Program) => Promise<T>) => withBuildx(addr, use);

function buildTree(files: Files, words: readonly string[] = [], client = onNewest) {
  return inDirectory(async (out) => {
    const archive = join(out, "tree.tar");
    const result = await build(files, [`--output=type=tar,dest=${archive}`, ...words], client);
    return { ...expectSuccess(result), tree: readTree(readFileSync(archive)) };
  });
}

describe.concurrent("a Dockerfile that names luakit", () => {
  test("is built by the Dockerfile frontend, with arguments, a target and the ignore file", async () => {
    const words = ["--build-arg=WORD=hello", "--target=app"];
    const { tree, stderr } = await buildTree(project(), words);
    expect(tree.text("work/word")).toStartWith("hello ");
    expect(tree.paths.filter((path) => path.startsWith("work/files/")).toSorted()).toEqual([
      "work/files/.dockerignore",
      "work/files/Dockerfile",
      "work/files/a.txt",
    ]);
    expect(stderr).toContain("[app 1/1] COPY . files/");
  });

  test("names it on its first line, with comments and directives after it", async () => {
    const head = `# syntax=${await gatewayImage()}\n# escape=\`\n# check=skip=all\n\n# A comment\n`;
    const text = `${head}FROM --platform=linux/amd64 \`\n  ${busybox}\nRUN echo ${unique()} > /x && \`\n  echo more >> /x\n`;
    await inDirectory(async (directory) => {
      const archive = join(directory, "tree.tar");
      writeFiles(directory, { "files/Dockerfile": text });
      const words = ["build", `--output=type=tar,dest=${archive}`, join(directory, "files")];
      expectSuccess(await onNewest((buildx) => buildx(...words)));
      expect(readTree(readFileSync(archive)).text("x")).toEndWith("\nmore\n");
    });
  });

  test("is not handed back to luakit by its own line", async () => {
    const syntax = await gatewayImage();
    const { stderr } = await buildTree({ Dockerfile: `#syntax=${syntax}\n${dockerfile()}` });
    expect(stderr.match(/resolve image config for/g)).toHaveLength(1);
  });

  test("has the config, the labels and the layers that it has without luakit", async () => {
    const files = project();
    const [through, without] = [`${registry}/handed:${unique()}`, `${registry}/handed:${unique()}`];
    const words = ["--target=app", "--label=given=yes", "--provenance=false"];
    const output = (name: string) => `--output=type=image,name=${name},push=true`;
    expectSuccess(await build(files, [...words, output(through)]));
    await inDirectory(async (directory) => {
      writeFiles(directory, files);
      expectSuccess(await onNewest((buildx) => buildx("build", ...words, output(without), directory)));
    });
    const [one, other] = [await fetchManifest(through), await fetchManifest(without)];
    expect(one.layers).toEqual(other.layers ?? []);
    expect((await fetchConfig(through)).config).toMatchObject({ Cmd: ["serve"], Labels: { given: "yes" } });
    expect(one.config).toEqual(other.config ?? { mediaType: "", digest: "", size: 0 });
  });

  test("gets named contexts, secrets and several platforms", async () => {
    const name = `${registry}/handed:${unique()}`;
    const text = `FROM ${multi}\nARG TARGETARCH\nCOPY --from=extra x.txt /x.txt\nENV FOR=$TARGETARCH\n`;
    await inDirectory(async (directory) => {
      writeFiles(directory, { "x.txt": "extra" });
      const words = [`--build-context=extra=${directory}`, "--platform=linux/amd64,linux/arm64"];
      expectSuccess(await build({ Dockerfile: text }, [...words, `--output=type=image,name=${name},push=true`]));
    });
    for (const architecture of ["amd64", "arm64"]) {
      const config = await fetchConfig(name, architecture);
      expect([config.architecture, config.config.Env]).toEqual([
        architecture,
        expect.arrayContaining([`FOR=${architecture}`]),
      ]);
    }
    const secret = `FROM ${busybox}\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token > /size # ${unique()}\n`;
    await inDirectory(async (directory) => {
      writeFiles(directory, { token: "12345" });
      const { tree } = await buildTree({ Dockerfile: secret }, [`--secret=id=token,src=${join(directory, "token")}`]);
      expect(tree.text("size").trim()).toBe("5");
    });
  });

  test("keeps what its frontend attests: software lists and provenance", async () => {
    const [scanner, name] = [`${registry}/handed-scanner:${unique()}`, `${registry}/handed:${unique()}`];
    const scan = `printf '{"_type":"x","predicateType":"https://spdx.dev/Document","predicate":{"of":"%s"}}' "$(ls $BUILDKIT_SCAN_SOURCE_EXTRAS)" > $BUILDKIT_SCAN_DESTINATION/s.spdx.json`;
    const scanning = `FROM ${busybox}\nCOPY scan /scan\nENTRYPOINT ["sh", "/scan"]\n`;
    expectSuccess(
      await build({ Dockerfile: scanning, scan }, [
        `--output=type=image,name=${scanner},push=true`,
        "--provenance=false",
      ]),
    );
    const words = [`--sbom=generator=${scanner}`, "--provenance=mode=max", "--target=app"];
    const text = `ARG BUILDKIT_SBOM_SCAN_STAGE=true\n${dockerfile().replace("WORKDIR", "ARG BUILDKIT_SBOM_SCAN_STAGE=true\nWORKDIR")}`;
    expectSuccess(await build(project(text), [...words, `--output=type=image,name=${name},push=true`]));
    const statements = await fetchAttestations(name);
    const scans = statements.filter(({ predicateType }) => predicateType === "https://spdx.dev/Document");
    // Only the frontend knows of the stage below the target.
    expect(scans.map(({ predicate }) => predicate.of)).toEqual(["sbom-base"]);
    const [provenance] = statements.filter(({ predicateType }: Statement) => predicateType.includes("provenance"));
    expect(JSON.stringify(provenance)).toContain("Dockerfile");
  });

  test("fails with the words and the place that it fails with without luakit", async () => {
    const broken = `FROM ${busybox}\nRUNN x\n`;
    const { exitCode, stderr } = await build({ Dockerfile: broken }, []);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Dockerfile:2$/m);
    expect(stderr).toContain(">>> RUNN x");
    expect(stderr).toContain("unknown instruction: RUNN");
    const failing = await build({ Dockerfile: `FROM ${busybox}\nRUN echo ${unique()} && exit 3\n` }, []);
    expect(failing.stderr).toMatch(/^Dockerfile:2$/m);
    expect(failing.stderr).toContain("exit code: 3");
    const epoch = await build(project(), ["--build-arg=SOURCE_DATE_EPOCH=soon"]);
    expect(epoch.stderr).toContain("invalid SOURCE_DATE_EPOCH: soon");
    const target = await build(project(), ["--target=ap"]);
    expect(target.stderr).toContain('target stage "ap" could not be found');
  });

  test("answers what clients ask of it instead of building", async () => {
    const files = project(dockerfile().replace("FROM base AS other", "from base AS other"));
    const targets = expectSuccess(await build(files, ["--call=targets"]));
    expect(targets.stdout).toMatch(/^base *$/m);
    expect(targets.stdout).toMatch(/^other \(default\)/m);
    const outline = expectSuccess(await build(files, ["--call=outline"]));
    expect(outline.stdout).toContain("WORD");
    const check = await build(files, ["--check"]);
    expect(check.exitCode).toBe(1);
    expect(check.stdout).toMatch(/FromAsCasing|ConsistentInstructionCasing/);
  });

  test("shows the warnings of its frontend", async () => {
    const { stderr } = await buildTree({ Dockerfile: `FROM ${busybox} as base\nRUN echo ${unique()}\n` });
    expect(stderr).toContain("FromAsCasing");
  });
});

describe.concurrent("inputs", () => {
  test("of bake's contexts reach the Dockerfile", async () => {
    const syntax = await gatewayImage();
    await inDirectory(async (directory) => {
      writeFiles(directory, {
        "one/Dockerfile": `FROM ${busybox}\nRUN echo ${unique()} > /one\nENV ONE=1\n`,
        "two/Dockerfile": "FROM base\nRUN echo $ONE > /two\n",
        "bake.json": JSON.stringify({
          target: {
            one: { context: join(directory, "one"), args: { BUILDKIT_SYNTAX: syntax } },
            two: {
              context: join(directory, "two"),
              args: { BUILDKIT_SYNTAX: syntax },
              contexts: { base: "target:one" },
              output: [`type=tar,dest=${join(directory, "tree.tar")}`],
            },
          },
        }),
      });
      expectSuccess(
        await onNewest((buildx) =>
          buildx("bake", `--allow=fs=${directory}`, "-f", join(directory, "bake.json"), "two"),
        ),
      );
      const tree = readTree(readFileSync(join(directory, "tree.tar")));
      expect([tree.text("two"), tree.has("one")]).toEqual(["1\n", true]);
    });
  });
});

describe.concurrent("a daemon", () => {
  test.each([
    ["v0.12", v012?.addr ?? ""],
    ["v0.21", v021?.addr ?? ""],
  ])("of %s builds a Dockerfile that names luakit", async (_, address) => {
    const { tree } = await buildTree(project(), ["--target=app"], (use) => withBuildx(address, use));
    expect(tree.text("work/files/a.txt")).toBe("a");
  });

  test("inside a Docker Engine builds it, by docker build", async () => {
    const text = `# syntax=${await gatewayImage()}\n${dockerfile()}`;
    await inDirectory(async (directory) => {
      writeFiles(join(directory, "files"), project(text));
      const words = ["build", "--target=app", "-q", join(directory, "files")];
      await withDocker("docker", "own", async (docker) => {
        const id = expectSuccess(await docker(...words)).stdout.trim();
        const { stdout } = expectSuccess(await docker("image", "inspect", "--format={{json .Config}}", id));
        expect(JSON.parse(stdout)).toMatchObject({ Cmd: ["serve"], Labels: { "made.by": "dockerfile" } });
      });
    });
  });

  test.each([
    ["of the newest BuildKit", addr],
    ["inside a Docker Engine", `docker+${engine?.host}`],
  ])("%s builds it for buildctl, which names luakit's image or lets the Dockerfile do it", async (_, address) => {
    const source = await gatewayImage();
    await withEngineSocket(address, (socket) =>
      inDirectory(async (directory) => {
        const files = join(directory, "files");
        writeFiles(files, project());
        const locals = { context: files, dockerfile: files };
        const archive = join(directory, "tree.tar");
        const common = { addr: socket, locals, output: [`type=tar,dest=${archive}`] };
        const named = { frontend: "gateway.v0", opts: { source, filename: "Dockerfile", target: "app" } };
        expectSuccess(await buildctlBuild({ ...common, ...named }));
        expect(readTree(readFileSync(archive)).has("work/files/a.txt")).toBe(true);
        writeFileSync(join(files, "Dockerfile"), `#syntax=${source}\n${dockerfile()}`);
        expectSuccess(await buildctlBuild({ ...common, frontend: "dockerfile.v0", opts: { target: "app" } }));
        expect(readTree(readFileSync(archive)).has("work/files/a.txt")).toBe(true);
      }),
    );
  });
});

test("a file named Dockerfile that is Lua is Lua", async () => {
  const script = `bk.export(bk.image("${busybox}"):mkfile("/lua", "${unique()}"))`;
  const { tree } = await buildTree({ Dockerfile: script });
  expect(tree.has("lua")).toBe(true);
});
