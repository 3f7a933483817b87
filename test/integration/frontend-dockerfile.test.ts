import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { dockerfileFrontendImage } from "../support/frontend-image.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { type SolveOptions, solvedIn } from "../support/solve.ts";
import { solvedTree, solveFails } from "../support/solved-tree.ts";
import { buildctlBuild, fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { images, registry, git, v012, v021, docker, moby } = testbed();
const { busybox, multi } = images;

const dockerfile = `
ARG IMAGE=nothing
FROM ${busybox} AS base
ARG VERSION=none
ENV SET_BY=dockerfile
WORKDIR /work
RUN echo "version $VERSION on $(uname -s)" > version

FROM base AS app
COPY . files/
USER app
RUN id -un > /tmp/user
CMD ["serve"]
LABEL made.by=dockerfile

FROM base AS other
RUN echo other > version
`;

const project = {
  Dockerfile: dockerfile,
  ".dockerignore": "*.log\nDockerfile\nbuild.lua\nno-home\n!keep.log\n",
  "main.txt": "main\n",
  "noise.log": "noise\n",
  "keep.log": "kept\n",
};

const seen = "sh -c 'cd /work/files && find . -type f | sort' > /tmp/seen";
const inContext = (path: string) =>
  Object.fromEntries(Object.entries(project).map(([name, text]) => [`${path}/${name}`, text]));

describe.concurrent("a Dockerfile of the context", () => {
  test("is built with ARG and target, and steps go on where it stopped", async () => {
    const { tree } = await solvedTree(
      `local app = bk.dockerfile({target = "app", build_args = {VERSION = "1.2"}})
       bk.export(app:run("{ echo $SET_BY; pwd; id -un; cat version /tmp/user; } > /tmp/said"))`,
      [],
      { files: project },
    );
    expect(tree.text("tmp/said")).toBe("dockerfile\n/work\napp\nversion 1.2 on Linux\napp\n");
  });

  test("gives its last stage when no target is named", async () => {
    const { tree } = await solvedTree("bk.export(bk.dockerfile())", [], { files: project });
    expect(tree.text("work/version")).toBe("other\n");
  });

  test("may have another name", async () => {
    const files = { "docker/Containerfile": `FROM ${busybox}\nCOPY main.txt /main.txt\n`, "main.txt": "main\n" };
    const { tree } = await solvedTree('bk.export(bk.dockerfile({filename = "docker/Containerfile"}))', [], { files });
    expect(tree.text("main.txt")).toBe("main\n");
  });

  test("has its stages as sources of files and mounts", async () => {
    const { tree } = await solvedTree(
      `local base = bk.dockerfile({target = "base", build_args = {"VERSION=3"}})
       local step = bk.image("${busybox}"):run("cp /from/version /mounted", {mounts = {bk.bind(base, "/from", {selector = "/work"})}})
       bk.export(bk.scratch():copy(base, "version", "/copied"):copy(step, "/mounted", "/mounted"))`,
      [],
      { files: project },
    );
    expect(tree.paths).toEqual(["copied", "mounted"]);
    expect(tree.text("copied") + tree.text("mounted")).toBe("version 3 on Linux\nversion 3 on Linux\n");
  });

  test("reads secrets of the command line", async () => {
    const files = {
      Dockerfile: `FROM ${busybox}\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token > /size # ${unique()}\n`,
    };
    const { tree } = await solvedTree("bk.export(bk.dockerfile())", ["--secret", "id=token,env=TOKEN"], {
      files,
      env: { TOKEN: "12345" },
    });
    expect(tree.text("size").trim()).toBe("5");
  });

  test("runs its steps again without a cache", async () => {
    const files = { Dockerfile: `FROM ${busybox}\nRUN cat /proc/sys/kernel/random/uuid > /id\n` };
    const build = async (...flags: string[]) => (await solvedTree("bk.export(bk.dockerfile())", flags, { files })).tree;
    const [first, again] = [await build(), await build()];
    expect(again.text("id")).toBe(first.text("id"));
    expect((await build("--no-cache")).text("id")).not.toBe(first.text("id"));
  });

  test("is handed on to the frontend of its #syntax line", async () => {
    const syntax = `# syntax=${await dockerfileFrontendImage()}\n`;
    const { tree, stderr } = await solvedTree('bk.export(bk.dockerfile({target = "app"}))', [], {
      files: { ...project, Dockerfile: syntax + dockerfile },
    });
    expect(tree.text("work/files/main.txt")).toBe("main\n");
    expect(stderr).toContain("dockerfile-frontend");
  });
});

describe.concurrent("the ignore file", () => {
  const kept = "./.dockerignore\n./keep.log\n./main.txt\n";

  test("counts as for docker build, and does not hide the Dockerfile", async () => {
    const script = `bk.export(bk.dockerfile({target = "app"}):run([[${seen}]]))`;
    const { tree } = await solvedTree(script, [], { files: project });
    expect(tree.text("tmp/seen")).toBe(kept);
  });

  test("of another directory counts too", async () => {
    const script = `bk.export(bk.dockerfile({target = "app", context = "app"}):run([[${seen}]]))`;
    const { tree } = await solvedTree(script, ["--local", "app=elsewhere"], { files: inContext("elsewhere") });
    expect(tree.text("tmp/seen")).toBe(kept);
  });

  test.each(["context", "app"])("of the Dockerfile itself comes first: %s", async (context) => {
    const files = { ...inContext("dir"), "dir/Dockerfile.dockerignore": "main.txt\n" };
    const script = `bk.export(bk.dockerfile({target = "app", context = "${context}"}):run([[${seen}]]))`;
    const { tree } = await solvedTree(script, ["--local", "app=dir", "--context", "dir"], { files });
    expect(tree.text("tmp/seen")).toBe(
      "./.dockerignore\n./Dockerfile\n./Dockerfile.dockerignore\n./keep.log\n./noise.log\n",
    );
  });

  test("is that of bk.local_ for a State of it, and the Dockerfile is still found", async () => {
    const script = `bk.export(bk.dockerfile({target = "app", context = bk.local_("context")}):run([[${seen}]]))`;
    const { tree } = await solvedTree(script, [], { files: project });
    expect(tree.text("tmp/seen")).toBe(kept);
  });
});

describe.concurrent("a State as the context", () => {
  test("has the Dockerfile and what it copies", async () => {
    const { tree } = await solvedTree(`
      local context = bk.scratch():copy(bk.git("${git.url}"), "/", "/")
        :mkfile("/Dockerfile", "FROM ${busybox}\\nCOPY README.md /readme\\n")
      bk.export(bk.dockerfile({context = context}))`);
    expect(tree.text("readme")).toBe("main\n");
  });

  test("may come from another Dockerfile", async () => {
    const script = `
      local inner = bk.dockerfile({target = "base", build_args = {VERSION = "inner"}})
      local context = bk.scratch():copy(inner, "version", "/version"):mkfile("/Dockerfile", "FROM ${busybox}\\nCOPY version /v\\nRUN cat /v > /w\\n")
      local outer = bk.dockerfile({context = context})
      bk.export(bk.scratch():copy(outer, "/w", "/w"))`;
    const { tree } = await solvedTree(script, [], { files: project });
    expect(tree.text("w")).toBe("version inner on Linux\n");
  });

  test("that gives nothing is an empty tree to go on from", async () => {
    const { tree } = await solvedTree(`
      local empty = bk.dockerfile({context = bk.scratch():mkfile("/Dockerfile", "FROM scratch\\nENV A=1\\n")})
      local used = bk.image("${busybox}"):copy(empty, "/", "/empty"):run("ls /empty | wc -l > /count")
      bk.export(bk.merge(empty, bk.scratch():copy(used, "/count", "/count")))`);
    expect(tree.paths).toEqual(["count"]);
    expect(tree.text("count")).toBe("0\n");
  });
});

describe.concurrent("platforms", () => {
  const files = { Dockerfile: `FROM ${multi}\nARG TARGETPLATFORM\nENV FOR=$TARGETPLATFORM\n` };

  test("are named by the script", async () => {
    const script = 'bk.export(bk.dockerfile({platform = "linux/arm64"}))';
    const { tree } = await solvedTree(script, [], { files });
    expect(tree.text("arch.txt")).toBe("arm64\n");
  });

  test("of the build are built one by one into an index", async () => {
    const name = `${registry}/dockerfile:${unique()}`;
    const flags = ["--platform", "linux/amd64,linux/arm64", "-t", name, "--push"];
    await inDirectory((directory) => solvedIn(directory, "bk.export(bk.dockerfile())", flags, { files }));
    for (const architecture of ["amd64", "arm64"]) {
      const { config, ...rest } = await fetchConfig(name, architecture);
      expect(rest.architecture).toBe(architecture);
      expect(config.Env).toContain(`FOR=linux/${architecture}`);
    }
  });
});

describe.concurrent("the image", () => {
  const push = async (script: string, files: SolveOptions["files"] = project) => {
    const name = `${registry}/dockerfile:${unique()}`;
    await inDirectory((directory) => solvedIn(directory, script, ["-t", name, "--push"], { files }));
    return { name, manifest: await fetchManifest(name), ...(await fetchConfig(name)) };
  };

  test("starts from the Dockerfile's config, which bk.export changes", async () => {
    const { config, history = [] } = await push(
      'bk.export(bk.dockerfile({target = "app"}):run("true"), {user = "root", env = {MORE = "1"}})',
    );
    expect(config).toMatchObject({
      Cmd: ["serve"],
      Labels: { "made.by": "dockerfile" },
      User: "root",
      WorkingDir: "/work",
    });
    expect(config.Env).toContain("SET_BY=dockerfile");
    expect(config.Env).toContain("MORE=1");
    expect(history.map(({ created_by }) => created_by)).toContain("COPY . files/ # buildkit");
  });

  test("has the layers of the same build without luakit", async () => {
    const files = { ...project, Dockerfile: `${dockerfile}\n# ${unique()}\n` };
    const own = await push('bk.export(bk.dockerfile({target = "app"}))', files);
    const name = `${registry}/dockerfile:${unique()}`;
    await inDirectory(async (directory) => {
      writeFiles(directory, files);
      const { exitCode, stderr } = await buildctlBuild({
        frontend: "dockerfile.v0",
        locals: { context: directory, dockerfile: directory },
        opts: { target: "app" },
        output: [`type=image,name=${name},push=true`],
      });
      expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    });
    const digests = (layers: readonly { readonly digest: string }[] = []) => layers.map(({ digest }) => digest);
    expect(digests(own.manifest.layers)).toEqual(digests((await fetchManifest(name)).layers));
    expect((await fetchConfig(name)).config).toEqual(own.config);
  });
});

describe.concurrent("what fails", () => {
  test("in a step is shown at the Dockerfile's line, with the script's below", async () => {
    const files = { Dockerfile: `FROM ${busybox}\nRUN echo before ${unique()} && \\\n    exit 3\n` };
    const script = "local app = bk.dockerfile()\nbk.export(app:run('true'))";
    const { exitCode, stderr } = await solveFails(script, [], { files });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Dockerfile:2: process .* did not complete successfully: exit code: 3$/m);
    expect(stderr).toMatch(/^> 2 \| RUN echo before/m);
    expect(stderr).toContain("called from build.lua:1: local app = bk.dockerfile()");
  });

  test("in a step of the script is at the script's line", async () => {
    const script = "local app = bk.dockerfile()\nbk.export(app:run('exit 4'))";
    const { stderr } = await solveFails(script, [], { files: project });
    expect(stderr).toMatch(/^build\.lua:2: process/m);
  });

  test("in the Dockerfile's syntax is shown there", async () => {
    const { stderr } = await solveFails("bk.export(bk.dockerfile())", [], {
      files: { Dockerfile: `FROM ${busybox}\nRUNN x\n` },
    });
    expect(stderr).toMatch(/^Dockerfile:2: dockerfile parse error on line 2: unknown instruction: RUNN/m);
    expect(stderr).toContain("called from build.lua:1: bk.export(bk.dockerfile())");
  });

  test.each([
    [
      "a target that is not there",
      'bk.dockerfile({target = "ap"})',
      /^build\.lua:1: .*target stage "ap" could not be found/m,
    ],
    [
      "a Dockerfile that is not there",
      'bk.dockerfile({filename = "none"})',
      /^build\.lua:1: .*none: no such file or directory/m,
    ],
    ["a directory that was not given", 'bk.dockerfile({context = "other"})', /^build\.lua:1: .*other/m],
  ])("is at the script's line: %s", async (_, call, message) => {
    const { stderr, exitCode } = await solveFails(`bk.export(${call})`, [], { files: project });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
  });
});

describe.concurrent("without a daemon", () => {
  const run = (words: readonly string[], script = 'bk.export(\n  bk.dockerfile({target = "app"}):run("true"))') =>
    inDirectory((directory) => {
      writeScript(directory, script);
      return runLuakit(words, { cwd: directory });
    });

  test.each(["build", "build --no-resolve", "config"])("%s is refused, at the line and at once", async (words) => {
    const { exitCode, stderr, stdout } = await run(words.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toStartWith("build.lua:2: bk.dockerfile needs a daemon\n");
    expect(stderr).toContain("luakit build --solve");
  });

  test("validate and dag work", async () => {
    expect((await run(["validate"])).stdout).toBe("✓ build.lua\n");
    const { stdout } = await run(["dag", "--format", "text"]);
    expect(stdout).toMatch(
      /^#3 Build Dockerfile target app\n {3}inputs {5}#1 context, #2 dockerfile\n {3}script {5}build\.lua:2$/m,
    );
    expect(stdout).toMatch(/^#4 Exec .*\n {3}inputs {4}#3 base$/m);
    expect((await run(["dag", "--filter", "Build", "--format", "json"])).stdout).toContain('"kind": "Build"');
  });
});

const engine = (known: { readonly host: string } | undefined) => known && `docker+${known.host}`;
const others = {
  "BuildKit v0.12": v012?.addr,
  "BuildKit v0.21": v021?.addr,
  "Debian's Docker Engine": engine(docker),
  "the newest Docker Engine": engine(moby),
};

for (const [name, addr] of Object.entries(others)) {
  test.skipIf(addr === undefined)(`${name} builds a Dockerfile with a step after it`, async () => {
    const script = `bk.export(bk.dockerfile({target = "app"}):run([[${seen}]]))`;
    const { tree } = await solvedTree(script, [], { files: project, ...(addr === undefined ? {} : { addr }) });
    expect(tree.text("tmp/seen")).toBe("./.dockerignore\n./keep.log\n./main.txt\n");
  });
}
