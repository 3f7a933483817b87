import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "../support/build.ts";
import { expectSuccess, withBuildx, withDocker } from "../support/client.ts";
import { exampleDirectory, libraryImages } from "../support/example.ts";
import { gatewayBuild } from "../support/gateway-build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { testbed } from "../support/testbed.ts";
import { readTree, type Tree } from "../support/tree.ts";

setDefaultTimeout(240_000);

const { addr, v012, v021, git, http } = testbed();
const daemons = { "v0.12": v012?.addr ?? "", "v0.21": v021?.addr ?? "", "the newest": addr };

/** `engine` is Debian's Docker Engine, which has a BuildKit v0.8. */
type Age = "newest" | "old" | "engine";

interface Example {
  readonly args?: Readonly<Record<string, string>>;
  readonly lends?: boolean;
  /** What daemons say that cannot build it. */
  readonly lacking?: Partial<Readonly<Record<Age, string>>>;
  readonly check: (tree: Tree) => void;
}

const examples: Readonly<Record<string, Example>> = {
  hello: { check: (tree) => expect(tree.text("greeting.txt")).toBe("Hello from x86_64\n") },
  go: {
    args: { VERSION: "1.2.3" },
    check: (tree) => expect(tree.entry("usr/bin/hello").mode).toBe("0755"),
  },
  node: { check: (tree) => expect(tree.entry("app/src/server.js").owner).toBe("1000:1000") },
  parallel: { check: (tree) => expect(tree.paths).toEqual(["SHA256SUMS", "app.txt", "docs.txt", "site.txt"]) },
  diff: { check: (tree) => expect(tree.text("result.txt")).toBe("tool runs on Linux\n") },
  dockerfile: {
    args: { TITLE: "A page" },
    check: (tree) => expect(tree.text("srv/about.txt")).toBe("A page in /srv\n"),
  },
  modules: { check: (tree) => expect(tree.text("users.txt")).toBe("ada:1001\ngrace:1002\n") },
  "secrets-ssh": {
    lends: true,
    lacking: { engine: "exec.secretenv" },
    check: (tree) => expect(tree.text("ssh-agent")).toBe("yes\n"),
  },
  sources: {
    args: {
      GIT_URL: git.url,
      GIT_COMMIT: git.commits.main,
      HTTP_URL: http.hello.url,
      HTTP_SHA256: http.hello.digest.replace("sha256:", ""),
    },
    lacking: { old: "source.git.checksum", engine: "source.git.checksum" },
    check: (tree) => expect(tree.text("srv/download.txt")).toBe("hello from the testbed\n"),
  },
};

/** A copy of an example, what it is built with, and where its tree goes. */
interface Build {
  readonly directory: string;
  readonly archive: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
}

type Words = { readonly exitCode: number; readonly stderr: string };

/** Builds one example and looks at what comes; an old daemon may lack what it needs. */
function buildExample(name: string, age: Age, build: (build: Build) => Promise<Words>): Promise<void> {
  return inDirectory(async (temporary) => {
    const { args = {}, lends = false, lacking, check } = examples[name] ?? { check: () => undefined };
    const directory = join(temporary, name);
    const archive = join(temporary, "tree.tar");
    cpSync(exampleDirectory(name), directory, { recursive: true });
    writeFileSync(join(temporary, "secret"), "s3cr3t");
    const secrets = lends ? ["token", "api-key"].map((id) => `id=${id},src=${join(temporary, "secret")}`) : [];
    const buildArgs = { IMAGES: libraryImages(), ...args };
    const ssh = lends ? [`default=${git.ssh.agent}`] : [];
    const result = await build({ directory, archive, buildArgs, secrets, ssh });
    const complaint = lacking?.[age];
    if (complaint !== undefined) {
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toContain(complaint);
      return;
    }
    expectSuccess({ stdout: "", ...result });
    check(readTree(readFileSync(archive)));
  });
}

const dockerFlags = ({ directory, archive, buildArgs, secrets, ssh }: Build, more: readonly string[] = []) => [
  ...["build", "--progress=plain", `--output=type=tar,dest=${archive}`, "--file", join(directory, "build.lua")],
  ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
  ...secrets.map((each) => `--secret=${each}`),
  ...ssh.map((each) => `--ssh=${each}`),
  ...[...more, directory],
];

/** Puts the frontend's name where clients look for it. */
async function addSyntax({ directory }: Build): Promise<void> {
  const script = join(directory, "build.lua");
  writeFileSync(script, `#syntax=${await gatewayImage()}\n${readFileSync(script, "utf8")}`);
}

/** What shows the differences between clients: modules, secrets, a frontend within, and nothing at all. */
const some = ["hello", "modules", "dockerfile", "secrets-ssh"];
const all = Object.keys(examples);

/** How a client names the frontend makes no difference to what that does. */
const fewest = ["hello", "modules"];

describe.each(Object.entries(daemons))("on %s daemon, examples are built", (daemon, address) => {
  const age = daemon === "the newest" ? "newest" : "old";

  test.concurrent.each(all)("by buildctl: %s", (name) =>
    buildExample(name, age, ({ directory, archive, ...rest }) =>
      gatewayBuild({
        ...rest,
        addr: address,
        directory,
        locals: { context: directory },
        output: [`type=tar,dest=${archive}`],
      }),
    ),
  );

  test.concurrent.each(age === "old" ? some : all)("by buildx, with a #syntax line: %s", (name) =>
    buildExample(name, age, async (build) => {
      await addSyntax(build);
      return withBuildx(address, (buildx) => buildx(...dockerFlags(build)));
    }),
  );

  test.concurrent.each(age === "old" ? fewest : some)("by buildx, with BUILDKIT_SYNTAX: %s", (name) =>
    buildExample(name, age, async (build) => {
      const syntax = `--build-arg=BUILDKIT_SYNTAX=${await gatewayImage()}`;
      return withBuildx(address, (buildx) => buildx(...dockerFlags(build, [syntax])));
    }),
  );
});

describe("in a Docker Engine, examples are built", () => {
  test.concurrent.each(some)("by docker build: %s", (name) =>
    buildExample(name, "engine", async (build) => {
      await addSyntax(build);
      return withDocker("docker", "own", (docker) => docker(...dockerFlags(build)));
    }),
  );

  test.concurrent.each(some)("by docker build with buildx: %s", (name) =>
    buildExample(name, "engine", async (build) => {
      await addSyntax(build);
      return withDocker("docker", "buildx", (docker) => docker(...dockerFlags(build)));
    }),
  );

  test.concurrent.each(some)("by docker build with buildx, on the newest: %s", (name) =>
    buildExample(name, "newest", async (build) => {
      await addSyntax(build);
      return withDocker("moby", "buildx", (docker) => docker(...dockerFlags(build)));
    }),
  );
});
