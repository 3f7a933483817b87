import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { selfSigned } from "../image/self-signed.ts";

import { type LuakitResult, runLuakit } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const scratch = mkdtempSync(join(tmpdir(), "luakit-test-"));
const path = process.env.PATH ?? "";
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A new home; nothing of this machine's configuration reaches luakit. */
function newHome(): string {
  return mkdtempSync(join(scratch, "home-"));
}

interface Found extends LuakitResult {
  /** What `luakit info` says. */
  readonly info: { readonly address: string; readonly source: string; readonly version: string; readonly kind: string };
}

/** The daemon that luakit finds. Where none is meant, DOCKER_HOST names no engine. */
async function find(home: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Found> {
  const nowhere = { HOME: home, DOCKER_HOST: `unix://${home}/no-docker.sock` };
  const result = await runLuakit(["info", "--format", "json", ...args], { cwd: home, env: { ...nowhere, ...env } });
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return { ...result, info: JSON.parse(result.stdout) };
}

async function run(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = Bun.spawn([...argv], { env: { PATH: path, ...env }, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout;
}

function writeProgram(directory: string, name: string, script: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, name), 0o755);
}

test("--addr goes before BUILDKIT_HOST, and that before all that could be found", async () => {
  const home = newHome();
  const env = { BUILDKIT_HOST: bed.addr, DOCKER_HOST: bed.docker?.host ?? "" };
  expect((await find(home, env)).info).toMatchObject({ address: bed.addr, source: "BUILDKIT_HOST" });
  const missing = runLuakit(["info", "--addr", `unix://${home}/none.sock`], { cwd: home, env });
  expect(await missing).toMatchObject({
    exitCode: 125,
    stdout: "",
    stderr: `error: cannot connect to unix://${home}/none.sock: there is no such socket\n`,
  });
});

test("where there is no daemon, every place that was looked at is listed", async () => {
  const home = newHome();
  const env = { XDG_RUNTIME_DIR: join(home, "run"), DOCKER_HOST: `unix://${home}/docker.sock` };
  const { exitCode, stderr } = await runLuakit(["info"], { cwd: home, env });
  expect(exitCode).toBe(125);
  expect(stderr.split("\n")).toEqual([
    "error: there is no BuildKit daemon to talk to",
    `  unix://${home}/run/buildkit/buildkitd.sock: there is no such socket`,
    "  unix:///run/buildkit/buildkitd.sock: there is no such socket",
    `  the Docker Engine at unix://${home}/docker.sock: there is no such socket`,
    "  a private buildkitd: there is no buildkitd on PATH",
    "hint: name one with --addr or BUILDKIT_HOST, start Docker, or put buildkitd on PATH",
    "",
  ]);
});

test("a rootless daemon's socket is found; one that nobody listens on is passed over", async () => {
  const home = newHome();
  const socket = join(home, "run/buildkit/buildkitd.sock");
  mkdirSync(dirname(socket), { recursive: true });
  symlinkSync(bed.addr.slice("unix://".length), socket);
  const env = { XDG_RUNTIME_DIR: join(home, "run") };
  expect((await find(home, env)).info).toMatchObject({ address: `unix://${socket}`, source: "the default socket" });
  rmSync(socket);
  Bun.listen({ unix: socket, socket: { data: () => {} } }).stop(true);
  writeFileSync(socket, "");
  await expect(find(home, env)).rejects.toThrow(`unix://${socket}: cannot connect to unix://${socket}`);
});

describe.skipIf(bed.buildx === undefined)("builders of buildx", () => {
  const buildx = bed.buildx ?? "";
  const engine = bed.docker?.host ?? "unix:///var/run/docker.sock";
  const onEngine = { DOCKER_HOST: engine };
  const old = bed.v012 ?? bed;

  test("the one in use is found, and only with the docker endpoint that it was chosen for", async () => {
    const home = newHome();
    const env = { HOME: home, ...onEngine };
    await run([buildx, "create", "--driver", "remote", "--name", "Far", "--use", old.addr], env);
    const { info } = await find(home, env);
    expect(info).toMatchObject({ address: old.addr, source: 'the buildx builder "Far"', version: old.version });
    const elsewhere = find(home, { DOCKER_HOST: `unix://${home}/other.sock` });
    await expect(elsewhere).rejects.toThrow("there is no BuildKit daemon to talk to");
  });

  test("--builder and BUILDX_BUILDER name one, and nothing else is tried then", async () => {
    const home = newHome();
    const env = { HOME: home, ...onEngine };
    await run([buildx, "create", "--driver", "remote", "--name", "far", old.addr], env);
    await run([buildx, "create", "--driver", "remote", "--name", "dead", `unix://${home}/none.sock`], env);
    expect((await find(home, env, "--builder", "FAR")).info.address).toBe(old.addr);
    expect((await find(home, { ...env, BUILDX_BUILDER: "far" })).info.address).toBe(old.addr);
    await expect(find(home, env, "--builder", "dead")).rejects.toThrow("there is no such socket");
    const near = ["--append", "--platform", "linux/arm64", "--node", "arm"];
    await run([buildx, "create", "--name", "dead", ...near, `unix://${home}/arm.sock`], env);
    const script = 'bk.export(bk.scratch():mkfile("/x", ""), {arch = "arm64"})';
    const flags = ["--builder", "dead", "--platform", "linux/arm64", "--output", "type=cacheonly", "-"];
    const lost = await runLuakit(["build", "--solve", ...flags], { cwd: home, env, stdin: script });
    expect(lost.stderr).toContain(
      'error: the buildx builder "dead", node "arm" does not answer: cannot connect to unix://',
    );
    const unknown = await runLuakit(["info", "--builder", "fra"], { cwd: home, env });
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toStartWith('error: there is no buildx builder "fra" (did you mean "far"?)');
  });

  test("one in use that does not answer is told, and the search goes on", async () => {
    const home = newHome();
    const env = { HOME: home, DOCKER_HOST: `unix://${home}/no-docker.sock`, XDG_RUNTIME_DIR: join(home, "run") };
    await run([buildx, "create", "--driver", "remote", "--name", "dead", "--use", `unix://${home}/none.sock`], env);
    mkdirSync(join(home, "run/buildkit"), { recursive: true });
    symlinkSync(bed.addr.slice("unix://".length), join(home, "run/buildkit/buildkitd.sock"));
    const { info, stderr } = await find(home, env);
    expect(info.version).toBe(bed.version);
    expect(stderr).toStartWith('warning: the buildx builder "dead" does not answer, so unix://');
    expect(stderr).toContain("there is no such socket");
    for (const deletes of [
      ["prune", "--filter", "id=none"],
      ["history", "rm", "--all"],
    ]) {
      const refused = await runLuakit(deletes, { cwd: home, env });
      expect([refused.exitCode, refused.stdout]).toEqual([125, ""]);
      expect(refused.stderr).toStartWith('error: the buildx builder "dead" does not answer: ');
    }
  });

  test("BUILDX_CONFIG and DOCKER_CONFIG say where the store is", async () => {
    const home = newHome();
    const [first, second] = [join(home, "buildx"), join(home, "docker")];
    await run([buildx, "create", "--driver", "remote", "--name", "far", old.addr], {
      HOME: home,
      BUILDX_CONFIG: first,
    });
    await run([buildx, "create", "--driver", "remote", "--name", "far", bed.addr], {
      HOME: home,
      DOCKER_CONFIG: second,
    });
    const byBuildx = await find(home, { BUILDX_CONFIG: first }, "--builder", "far");
    const byDocker = await find(home, { DOCKER_CONFIG: second }, "--builder", "far");
    expect([byBuildx.info.address, byDocker.info.address]).toEqual([old.addr, bed.addr]);
  });

  test("a remote daemon is reached with the TLS files that were given to buildx", async () => {
    const home = newHome();
    const daemon = await startTlsDaemon(home);
    try {
      const options = `servername=localhost,cacert=${home}/ca.pem,cert=${home}/ca.pem,key=${home}/key.pem`;
      const create = [
        buildx,
        "create",
        "--driver",
        "remote",
        "--driver-opt",
        options,
        "--name",
        "safe",
        daemon.address,
      ];
      await run(create, { HOME: home });
      expect((await find(home, {}, "--builder", "safe")).info).toMatchObject({ address: daemon.address });
      await run([buildx, "create", "--driver", "remote", "--name", "plain", daemon.address], { HOME: home });
      await expect(find(home, {}, "--builder", "plain")).rejects.toThrow(`cannot connect to ${daemon.address}`);
    } finally {
      daemon.stop();
    }
  });

  test("of several nodes the one that was made for the platform is taken", async () => {
    const home = newHome();
    const env = { HOME: home };
    const node = (addr: string, platform: string, ...more: readonly string[]) =>
      run([buildx, "create", "--driver", "remote", "--name", "two", "--platform", platform, ...more, addr], env);
    await node(old.addr, "linux/amd64");
    await node(bed.addr, "linux/arm64", "--append");
    const { info } = await find(home, {}, "--builder", "two");
    expect(info).toMatchObject({ address: old.addr, source: 'the buildx builder "two", node "two0"' });
  });

  test.skipIf(bed.docker === undefined)(
    "the BuildKit of a container is reached, and started when it stands still",
    async () => {
      const home = newHome();
      const env = { HOME: home, ...onEngine };
      const docker = (...args: readonly string[]) => run([bed.docker?.docker ?? "", ...args], env);
      mkdirSync(join(home, ".docker/cli-plugins"), { recursive: true });
      symlinkSync(buildx, join(home, ".docker/cli-plugins/docker-buildx"));
      const node = `luakit-test-${process.pid}`;
      const container = `buildx_buildkit_${node}`;
      const socketDirectory = dirname(bed.addr.slice("unix://".length));
      const mounts = ["-v", `${socketDirectory}:/run/buildkit`, "-v", `${bed.buildctl}:/bin/buildctl`];
      const main = [bed.images.busybox, "sleep", "600"];
      await docker("run", "--detach", "--init", "--network", "none", "--name", container, ...mounts, ...main);
      try {
        await docker("buildx", "create", "--driver", "docker-container", "--name", "boxed", "--node", node);
        const first = await find(home, env, "--builder", "boxed");
        expect(first.info).toMatchObject({ version: bed.version, source: 'the buildx builder "boxed"' });
        expect(first.info.address).toBe(`docker-container://${container}`);
        expect(first.stderr).toBe("");
        await docker("stop", "--time", "0", container);
        const second = await find(home, env, "--builder", "boxed");
        expect(second.info.version).toBe(bed.version);
        expect(second.stderr).toBe('starting the buildx builder "boxed"\n');
      } finally {
        await docker("rm", "--force", container);
      }
    },
  );

  test("a pod of kubernetes is reached through kubectl", async () => {
    const home = newHome();
    const pod = {
      metadata: { name: "kube0-abc", namespace: "ci" },
      spec: { containers: [{ name: "buildkitd" }] },
      status: { phase: "Running" },
    };
    writeFileSync(join(home, "pods.json"), JSON.stringify({ items: [pod] }));
    const bin = join(home, "bin");
    const dial = `exec ${bed.buildctl} --addr ${bed.addr} dial-stdio`;
    writeProgram(
      bin,
      "kubectl",
      `echo "$*" >>${home}/log\ncase "$*" in *"get pods"*) cat ${home}/pods.json;; *) ${dial};; esac`,
    );
    const store = join(home, ".docker/buildx/instances");
    mkdirSync(store, { recursive: true });
    const nodes = [
      { Name: "kube0", Endpoint: "kubernetes:///kube?deployment=&kubeconfig=", DriverOpts: { namespace: "ci" } },
    ];
    writeFileSync(join(store, "kube"), JSON.stringify({ Name: "kube", Driver: "kubernetes", Nodes: nodes }));
    const { info } = await find(home, { PATH: `${bin}:${path}` }, "--builder", "kube");
    expect(info).toMatchObject({ version: bed.version, source: 'the buildx builder "kube"' });
    expect(await Bun.file(join(home, "log")).text()).toBe(
      [
        "--namespace ci get pods --selector app=kube0 --output json",
        "--context= --namespace=ci exec --container=buildkitd -i kube0-abc -- buildctl dial-stdio",
        "",
      ].join("\n"),
    );
  });
});

describe.skipIf(bed.docker === undefined)("the Docker Engine", () => {
  const engine = bed.docker?.host ?? "";
  const docker = bed.docker?.docker ?? "";

  test("is found through DOCKER_HOST", async () => {
    const { info } = await find(newHome(), { DOCKER_HOST: engine });
    expect(info).toMatchObject({ kind: "docker", address: `docker+${engine}`, source: "DOCKER_HOST" });
  });

  test("is found through docker's contexts, which are builders, too", async () => {
    const home = newHome();
    const env = { HOME: home };
    await run([docker, "context", "create", "bed", "--docker", `host=${engine}`], env);
    const none = { DOCKER_HOST: "" };
    const named = await find(home, { ...none, DOCKER_CONTEXT: "bed" });
    expect(named.info).toMatchObject({ kind: "docker", source: "DOCKER_CONTEXT" });
    await run([docker, "context", "use", "bed"], env);
    expect((await find(home, none)).info).toMatchObject({ kind: "docker", source: 'the docker context "bed"' });
    expect((await find(home, none, "--builder", "bed")).info).toMatchObject({ kind: "docker" });
  });

  test("that has no BuildKit is passed over with a reason", async () => {
    const home = newHome();
    const socket = join(home, "podman.sock");
    const server = Bun.serve({
      unix: socket,
      fetch: () => Response.json({ message: "page not found" }, { status: 404 }),
    });
    try {
      const failure = find(home, { DOCKER_HOST: `unix://${socket}` });
      await expect(failure).rejects.toThrow(
        new RegExp(`the Docker Engine at unix://${socket}: cannot connect to .*404`),
      );
    } finally {
      server.stop(true);
    }
  });
});

/** A buildkitd that wants a client certificate, on a port of 127.0.0.1. */
async function startTlsDaemon(home: string): Promise<{ address: string; stop: () => void }> {
  writeFileSync(join(home, "ca.pem"), selfSigned.cert);
  writeFileSync(join(home, "key.pem"), selfSigned.key);
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const address = `tcp://127.0.0.1:${probe.port}`;
  probe.stop(true);
  const tls = ["--tlscacert", `${home}/ca.pem`, "--tlscert", `${home}/ca.pem`, "--tlskey", `${home}/key.pem`];
  const child = Bun.spawn([bed.buildkitd, "--root", join(home, "root"), "--addr", address, ...tls], {
    stdout: "ignore",
    stderr: "pipe",
  });
  const reader = child.stderr.getReader();
  let log = "";
  while (!log.includes("running server on")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(log);
    log += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return { address, stop: () => child.kill() };
}
