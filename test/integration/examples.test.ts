import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildTree, inDirectory, unique } from "../support/build.ts";
import {
  buildExample,
  buildInto,
  buildVertexes,
  exampleDirectory,
  exampleFails,
  luakitOutput,
} from "../support/example.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";
import { readTree } from "../support/tree.ts";

setDefaultTimeout(180_000);

const { registry, git, http } = testbed();

// Those of `integration` belong to pages, whose test runs them.
for (const name of readdirSync(exampleDirectory("")).filter((each) => each !== "integration")) {
  const directory = exampleDirectory(name);

  describe(`examples/${name}`, () => {
    test("is valid", async () => {
      expect(await luakitOutput(directory, "validate")).toBe("✓ build.lua\n");
    });

    test("has a graph that ends in its result", async () => {
      const text = await luakitOutput(directory, "dag", "--format=text");
      const ids = [...text.matchAll(/^#(\d+) /gm)].map((match) => match[1]);
      expect(text).toEndWith(`\nresult #${ids.at(-1)}\n`);
      expect(await luakitOutput(directory, "dag")).toStartWith("digraph");
    });

    test("says in its head how to build it", () => {
      const [first = ""] = readFileSync(join(directory, "build.lua"), "utf8").split("\n\n");
      expect(first).toMatch(/^-- [A-Z]/);
      expect(first).toMatch(/^-- {3}.*luakit build (--solve|--secret) /m);
    });
  });
}

test("hello writes a greeting into a directory", () =>
  inDirectory(async (out) => {
    await buildInto(exampleDirectory("hello"), `type=local,dest=${out}`);
    expect(readdirSync(out)).toEqual(["greeting.txt"]);
    expect(readFileSync(join(out, "greeting.txt"), "utf8")).toBe("Hello from x86_64\n");
  }));

describe("go", () => {
  const directory = exampleDirectory("go");

  test("makes a program that runs", () =>
    inDirectory(async (out) => {
      await buildInto(directory, `type=local,dest=${out}`, { buildArgs: { VERSION: "1.2.3" } });
      const { stdout } = Bun.spawnSync([join(out, "usr/bin/hello"), "Ada"]);
      expect(stdout.toString()).toBe("Hello, Ada!\nversion 1.2.3\n");
    }));

  test("makes an image of nothing but the program, with its config", async () => {
    const name = `${registry}/examples/go:1`;
    const config = (await luakitOutput(directory, "config", "--output-attr")).trim();
    await buildInto(directory, `type=image,name=${name},push=true,${config}`);
    const { architecture, os, config: found } = await fetchConfig(name);
    expect({ architecture, os }).toEqual({ architecture: "amd64", os: "linux" });
    expect(found).toMatchObject({
      Entrypoint: ["/usr/bin/hello"],
      Cmd: ["world"],
      User: "65532:65532",
      Labels: { "org.opencontainers.image.title": "hello", "org.opencontainers.image.version": "dev" },
    });
    const image = await buildTree(`bk.export(bk.image("${name}"))`);
    expect(image.paths).toEqual(["usr", "usr/bin", "usr/bin/hello"]);
  });

  test("does not download the modules again when a source file changes", () =>
    inDirectory(async (copy) => {
      cpSync(directory, copy, { recursive: true });
      await buildExample(copy);
      appendFileSync(join(copy, "main.go"), `// ${unique()}\n`);
      const vertexes = await buildVertexes(copy);
      expect(vertexes.get("download modules")?.cached).toBe(true);
      expect(vertexes.get("compile")?.cached).not.toBe(true);
    }));
});

describe("node", () => {
  const directory = exampleDirectory("node");

  test("makes an image that serves as the user node", async () => {
    const name = `${registry}/examples/node:1`;
    const config = (await luakitOutput(directory, "config", "--output-attr")).trim();
    await buildInto(directory, `type=image,name=${name},push=true,${config}`);
    const { config: found } = await fetchConfig(name);
    expect(found).toMatchObject({ User: "node", WorkingDir: "/app", ExposedPorts: { "8080/tcp": {} } });
    const client = `fetch("http://127.0.0.1:8080/Ada").then((r) => r.text()).then((t) => process.stdout.write(t))`;
    const tree = await buildTree(`
      local ran = bk.image("${name}"):run([==[
        node src/server.js &
        until node -e '${client}' > answer 2> /dev/null; do sleep 0.1; done
        { id -un; pwd; echo $NODE_ENV; } > who # ${unique()}
      ]==])
      bk.export(bk.scratch():copy(ran, {"/app/answer", "/app/who"}, "/"))`);
    expect(tree.text("answer")).toBe("Hello, Ada!\n");
    expect(tree.text("who")).toBe("node\n/app\nproduction\n");
  });

  test("does not install the dependencies again when a source file changes", () =>
    inDirectory(async (copy) => {
      cpSync(directory, copy, { recursive: true });
      await buildExample(copy);
      appendFileSync(join(copy, "src/server.js"), `// ${unique()}\n`);
      const vertexes = await buildVertexes(copy);
      expect(vertexes.get("/bin/sh -c npm ci --omit=dev")?.cached).toBe(true);
      expect(vertexes.get("node --check src/server.js")?.cached).not.toBe(true);
    }));
});

describe("parallel", () => {
  const directory = exampleDirectory("parallel");

  test("merges what every branch made", async () => {
    const tree = await buildExample(directory);
    expect(tree.paths).toEqual(["SHA256SUMS", "app.txt", "docs.txt", "site.txt"]);
    expect(tree.text("app.txt")).toBe("build\nrun\ntest\n");
    const { stdout } = Bun.spawnSync(["sh", "-c", "sha256sum *.txt"], { cwd: join(directory, "assets") });
    expect(tree.text("SHA256SUMS")).toBe(stdout.toString());
  });

  test("has branches that do not wait for each other", async () => {
    const vertexes = await buildVertexes(directory);
    const branches = ["app", "docs", "site", "sums"].map((name) => vertexes.get(`build ${name}`));
    const digests = branches.map((branch) => branch?.digest);
    for (const branch of branches) expect(digests).not.toContainAnyValues([...(branch?.inputs ?? [])]);
    const merge = [...vertexes.values()].find(({ name }) => name.startsWith("merge"));
    expect(merge?.inputs?.toSorted()).toEqual(digests.map((digest) => digest ?? "").toSorted());
  });
});

test("diff carries a change to another base, and nothing else", async () => {
  const tree = await buildExample(exampleDirectory("diff"));
  expect(tree.text("result.txt")).toBe("tool runs on Linux\n");
  expect(tree.entry("opt/tool/bin/tool").mode).toBe("0755");
  expect(tree.text("etc/tool.conf")).toBe("/opt/tool\n");
  expect(tree.has("bin/busybox")).toBe(true);
  expect(tree.has("etc/debian_version")).toBe(false);
});

test("dockerfile goes on from the stages of a Dockerfile", () =>
  inDirectory(async (out) => {
    const flags = ["--addr", testbed().addr, "--output", out, "--build-arg", "TITLE=A page"];
    await luakitOutput(exampleDirectory("dockerfile"), "build", "--solve", ...flags);
    const text = (name: string) => readFileSync(join(out, "srv", name), "utf8");
    expect(readdirSync(join(out, "srv")).sort()).toEqual(["about.txt", "index.html", "report.txt"]);
    expect(text("index.html")).toContain("<title>A page</title>");
    expect(text("about.txt")).toBe("A page in /srv\n");
    expect(text("report.txt")).toBe("the page has a title\n");
  }));

describe("secrets-ssh", () => {
  const directory = exampleDirectory("secrets-ssh");
  const token = `token-${unique()}`;
  const key = `key-${unique()}`;
  const ssh = [`default=${git.ssh.agent}`];

  // Secrets are in no cache key: without a change, the answer of an earlier build would come again.
  const prepare = (copy: string) => {
    cpSync(directory, copy, { recursive: true });
    const script = readFileSync(join(copy, "build.lua"), "utf8");
    writeFileSync(join(copy, "build.lua"), script.replace('mkdir("/out")', `$&:mkdir("/${unique()}")`));
    writeFileSync(join(copy, "token"), token);
    return [`id=token,src=${join(copy, "token")}`, "id=api-key,env=API_KEY"];
  };

  test("lends a file, a variable and an agent, and leaves no trace of them", () =>
    inDirectory(async (copy) => {
      const secrets = prepare(copy);
      const archive = join(copy, "tree.tar");
      const stderr = await buildInto(copy, `type=tar,dest=${archive}`, {
        secrets,
        ssh,
        env: { API_KEY: key },
      });
      const tree = readTree(readFileSync(archive));
      expect(tree.paths).toEqual(["api-key", "extra", "ssh-agent", "token-size"]);
      expect(tree.text("token-size").trim()).toBe(String(token.length));
      expect(tree.text("extra")).toBe("no\n");
      const emitted = await luakitOutput(copy, "build");
      const seen = emitted + stderr + readFileSync(archive, "latin1");
      expect(seen).not.toContain(token);
      expect(seen).not.toContain(key);
    }));

  test("sees an optional secret when it is there", () =>
    inDirectory(async (copy) => {
      const secrets = [...prepare(copy), `id=extra,src=${join(copy, "token")}`];
      const tree = await buildExample(copy, { secrets, ssh, env: { API_KEY: key } });
      expect(tree.text("extra")).toBe("yes\n");
    }));

  test("fails without a secret that it needs", () =>
    inDirectory(async (copy) => {
      const secrets = prepare(copy).slice(1);
      const stderr = await exampleFails(copy, { secrets, ssh, env: { API_KEY: key } });
      expect(stderr).toContain("secret token: not found");
    }));
});

describe("sources", () => {
  const directory = exampleDirectory("sources");
  const buildArgs = {
    GIT_URL: git.url,
    GIT_COMMIT: git.commits.main,
    HTTP_URL: http.hello.url,
    HTTP_SHA256: http.hello.digest.replace("sha256:", ""),
  };

  test("puts a repository and a download into one image", async () => {
    const tree = await buildExample(directory, { buildArgs });
    expect(tree.text("srv/repository/README.md")).toBe("main\n");
    expect(tree.paths.filter((path) => path.includes("/.git"))).toEqual([]);
    expect(tree.text("srv/download.txt")).toBe("hello from the testbed\n");
    expect(tree.entry("srv/download.txt").mode).toBe("0644");
  });

  test("refuses a download that has another checksum", async () => {
    const stderr = await exampleFails(directory, { buildArgs: { ...buildArgs, HTTP_SHA256: "0".repeat(64) } });
    expect(stderr).toContain("digest mismatch");
  });

  test("refuses a repository at another commit", async () => {
    const stderr = await exampleFails(directory, { buildArgs: { ...buildArgs, GIT_COMMIT: git.commits.first } });
    expect(stderr).toContain(git.commits.first);
  });
});

test("modules makes an OCI archive from a script in several files", () =>
  inDirectory(async (temporary) => {
    const archive = join(temporary, "image.tar");
    await buildInto(exampleDirectory("modules"), `type=oci,dest=${archive}`);
    const layout = readTree(readFileSync(archive));
    const index = JSON.parse(layout.text("index.json"));
    const manifest = JSON.parse(layout.text(`blobs/${index.manifests[0].digest.replace(":", "/")}`));
    expect((await fetchManifest(`${registry}/library/busybox:latest`)).layers?.[0]?.digest).toBe(
      manifest.layers[0].digest,
    );
    const tree = await buildExample(exampleDirectory("modules"));
    expect(tree.text("users.txt")).toBe("ada:1001\ngrace:1002\n");
    expect(tree.entry("etc/users.d/grace").mode).toBe("0644");
  }));
