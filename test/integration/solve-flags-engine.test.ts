import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DockerEngine } from "../../scripts/testbed/record.ts";
import { inDirectory, luakit, unique } from "../support/build.ts";
import { writeScript } from "../support/luakit.ts";
import { isPushed } from "../support/registry.ts";
import { type SolveOptions, solvedIn, solveIn } from "../support/solve.ts";
import { fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { authRegistry, images, registry, docker, moby } = testbed();
const graphdriver = engine(docker, "docker");
const containerd = engine(moby, "moby");

function engine(found: DockerEngine | undefined, name: string): DockerEngine {
  if (found === undefined) throw new Error(`the testbed has no Docker Engine: up --with ${name}`);
  return found;
}

/** The build runs on the engine, as DOCKER_HOST names it. */
const on = ({ host }: DockerEngine): SolveOptions => ({ daemon: ["--builder", "default"], env: { DOCKER_HOST: host } });
/** The build runs on BuildKit, and the engine is where docker talks to. */
const beside = ({ host }: DockerEngine): SolveOptions => ({ env: { DOCKER_HOST: host } });

const newName = () => `luakit-test/${unique()}:1`;
const script = (base = "bk.scratch()") =>
  `bk.export(${base}:mkfile("/text", "${unique()}"), {cmd = {"cat", "/text"}, labels = {made = "here"}})`;

async function run({ docker: program, host }: DockerEngine, ...words: readonly string[]): Promise<string> {
  const child = Bun.spawn([program, "-H", host, ...words], { stdout: "pipe", stderr: "pipe" });
  const [out, err, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (status !== 0) throw new Error(`docker ${words.join(" ")}: ${err}`);
  return out.trim();
}

const inspect = (where: DockerEngine, name: string, format: string) =>
  run(where, "image", "inspect", "--format", format, name);

test("an engine too old for two outputs says so, and makes none", async () => {
  await inDirectory(async (directory) => {
    const name = newName();
    const { exitCode, stderr } = await solveIn(
      directory,
      script(),
      ["-t", name, "--load", "-o", "out"],
      on(graphdriver),
    );
    expect(stderr).toContain("the daemon (BuildKit before v0.11) writes one output in a build");
    expect(exitCode).toBe(2);
    expect(existsSync(join(directory, "out"))).toBe(false);
    await expect(inspect(graphdriver, name, "{{.Id}}")).rejects.toThrow("No such image");
  });
});

describe.each([
  ["whose images are in a graphdriver", graphdriver],
  ["whose images are in containerd", containerd],
])("a Docker Engine %s", (_, where) => {
  test.each([
    ["-t only", []],
    ["--load", ["--load"]],
    ["type=docker", ["-o", "type=docker"]],
  ])("has what it builds: %s", async (_title, flags) => {
    const name = newName();
    await inDirectory(async (directory) => {
      const { stderr } = await solvedIn(directory, script(), ["-t", name, "--iidfile", "iid", ...flags], on(where));
      expect(stderr).not.toContain("warning");
      expect(await inspect(where, name, "{{json .Config.Cmd}} {{.Config.Labels.made}}")).toBe('["cat","/text"] here');
      expect(await inspect(where, name, "{{.Id}}")).toBe(readFileSync(join(directory, "iid"), "utf8"));
    });
  });

  test("gives files", async () => {
    await inDirectory(async (directory) => {
      await solvedIn(directory, 'bk.export(bk.scratch():mkfile("/x", "files"))', ["-o", "out"], on(where));
      expect(readFileSync(join(directory, "out/x"), "utf8")).toBe("files");
    });
  });

  test("loads what BuildKit builds", async () => {
    const name = newName();
    await inDirectory((directory) => solvedIn(directory, script(), ["-t", name, "--load"], beside(where)));
    expect(await inspect(where, name, "{{json .Config.Cmd}} {{.Config.Labels.made}}")).toBe('["cat","/text"] here');
  });

  test("loads what is piped to it", async () => {
    const name = newName();
    await inDirectory(async (directory) => {
      const { bytes } = await solvedIn(directory, script(), ["-t", name, "-o", "type=docker"]);
      const child = Bun.spawn([where.docker, "-H", where.host, "load"], { stdin: bytes, stdout: "ignore" });
      expect(await child.exited).toBe(0);
      expect(await inspect(where, name, "{{.Config.Labels.made}}")).toBe("here");
    });
  });
});

describe.concurrent("a Docker Engine with a graphdriver", () => {
  test.each([
    [["-o", "type=oci,dest=x.tar"], "cannot write type=oci archives"],
    [["-t", "app", "--platform", "linux/amd64,linux/arm64"], "cannot hold an image of several platforms"],
    [["-t", "app", "--provenance", "true"], "cannot hold attestations"],
    [["-t", "app", "--cache-to", "type=local,dest=cache"], "cannot write a cache of type=local"],
  ])("refuses %j", async (flags, complaint) => {
    await inDirectory(async (directory) => {
      const { exitCode, stderr } = await solveIn(directory, script(), flags, on(graphdriver));
      expect(stderr).toContain(`error: this Docker Engine ${complaint}`);
      expect([exitCode, existsSync(join(directory, "x.tar"))]).toEqual([2, false]);
    });
  });
});

describe.concurrent("a Docker Engine with a graphdriver pushes", () => {
  test("every tag of what it builds, and keeps it", async () => {
    const [one, two] = [`${registry}/engine:${unique()}`, `${registry}/engine:${unique()}`];
    await inDirectory(async (directory) => {
      const files = ["--metadata-file", "metadata.json", "--iidfile", "iid"];
      const flags = ["-t", one, "-t", two, "--push", ...files];
      const { stderr } = await solvedIn(directory, script(), flags, on(graphdriver));
      expect(stderr).toContain(`pushing ${one}`);
      const { digest } = await fetchManifest(one);
      expect((await fetchManifest(two)).digest).toBe(digest);
      expect(JSON.parse(readFileSync(join(directory, "metadata.json"), "utf8"))["containerimage.digest"]).toBe(digest);
      expect(await inspect(graphdriver, one, "{{.Id}}")).toBe(readFileSync(join(directory, "iid"), "utf8"));
      expect(await inspect(graphdriver, two, "{{.Config.Labels.made}}")).toBe("here");
    });
  });

  test("with the login of docker's config, and says what the registry says without", async () => {
    const { host, username, password } = authRegistry;
    const name = `${host}/engine:${unique()}`;
    const login = (secret: string) => JSON.stringify({ auths: { [host]: { auth: btoa(`${username}:${secret}`) } } });
    await inDirectory(async (directory) => {
      const { daemon = [], env } = on(graphdriver);
      const push = (config: string) =>
        solveIn(directory, script(), ["-t", name, "--push"], { daemon, env: { ...env, DOCKER_AUTH_CONFIG: config } });
      for (const config of ["{}", login("wrong-s3cret")]) {
        const { exitCode, stderr } = await push(config);
        expect(stderr).toContain(`error: the Docker Engine did not push ${name}: `);
        expect(stderr).toContain(`hint: docker login ${host}`);
        expect(stderr).not.toContain("wrong-s3cret");
        expect(exitCode).toBe(1);
      }
      const { exitCode, stderr } = await push(login(password));
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`pushing ${name}`)]);
    });
  });

  test("until it is interrupted", async () => {
    const asked = Promise.withResolvers<void>();
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        if (new URL(request.url).pathname === "/v2/") return new Response("{}");
        asked.resolve();
        await Bun.sleep(60_000);
        return new Response();
      },
    });
    await inDirectory(async (directory) => {
      writeScript(directory, script());
      const flags = ["-t", `${server.url.host}/engine:1`, "--push", "--progress", "plain"];
      const child = Bun.spawn([luakit, "build", ...flags], {
        cwd: directory,
        env: { HOME: directory, DOCKER_HOST: graphdriver.host },
        stderr: "pipe",
      });
      await asked.promise;
      const start = performance.now();
      child.kill("SIGINT");
      const stderr = await new Response(child.stderr).text();
      expect([await child.exited, performance.now() - start < 10_000]).toEqual([130, true]);
      expect(stderr).toEndWith("error: the build was interrupted\n");
      expect(stderr).not.toContain("broke");
    });
    await server.stop(true);
  });

  test("nowhere where there is no registry, and says so", async () => {
    await inDirectory(async (directory) => {
      const flags = ["-t", "127.0.0.1:9/engine:1", "--push"];
      const { exitCode, stderr } = await solveIn(directory, script(), flags, on(graphdriver));
      expect(stderr).toMatch(/error: the Docker Engine did not push 127\.0\.0\.1:9\/engine:1: .*connection refused/);
      expect(exitCode).toBe(1);
    });
  });
});

describe.concurrent("a Docker Engine with containerd", () => {
  test("pushes what it builds", async () => {
    const name = `${registry}/engine:${unique()}`;
    await inDirectory((directory) => solvedIn(directory, script(), ["-t", name, "--push"], on(containerd)));
    expect(await isPushed(name)).toBe(true);
    expect(await inspect(containerd, name, "{{.Config.Labels.made}}")).toBe("here");
  });

  test("pushes an index of platforms with attestations", async () => {
    const name = `${registry}/engine:${unique()}`;
    const flags = ["-t", name, "--push", "--platform", "linux/amd64,linux/arm64", "--provenance", "mode=min"];
    await inDirectory((directory) => solvedIn(directory, script(`bk.image("${images.multi}")`), flags, on(containerd)));
    const { manifests = [] } = await fetchManifest(name);
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64", "unknown", "unknown"]);
  });

  test("loads an index that BuildKit builds, which a graphdriver cannot", async () => {
    const name = newName();
    const text = script(`bk.image("${images.multi}")`);
    const flags = ["-t", name, "--load", "--platform", "linux/amd64,linux/arm64"];
    await inDirectory(async (directory) => {
      await solvedIn(directory, text, flags, beside(containerd));
      expect(await inspect(containerd, name, "{{.Config.Labels.made}}")).toBe("here");
      const { exitCode, stderr } = await solveIn(directory, text, flags, beside(graphdriver));
      expect(exitCode).toBe(2);
      expect(stderr).toContain("the Docker Engine that loads the image cannot hold several platforms");
    });
  });
});
