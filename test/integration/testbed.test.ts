import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../scripts/testbed/layout.ts";
import {
  type BuildctlOptions,
  buildctlBuild,
  fetchConfig,
  fetchManifest,
  rawStatus,
  testbed,
} from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const scratch = mkdtempSync(join(tmpdir(), "luakit-testbed-test-"));
// Every run asks for steps that no run before it has had, or the daemon would answer from its cache.
const unique = `run ${Date.now()}`;

afterAll(() => rmSync(scratch, { recursive: true }));

describe("the daemon", () => {
  test("builds a Dockerfile with RUN on a base image of the registry", async () => {
    const dest = join(scratch, "dockerfile");
    writeFileSync(join(scratch, "Dockerfile"), `FROM ${bed.images.busybox}\nRUN echo "${unique}" > /out.txt\n`);
    const locals = { context: scratch, dockerfile: scratch };
    const result = await buildctlBuild({ frontend: "dockerfile.v0", locals, output: [`type=local,dest=${dest}`] });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(dest, "out.txt"), "utf8")).toBe(`${unique}\n`);
  });

  test("tells the digests of a Definition's vertexes", async () => {
    const source = sourceOp(`docker-image://${bed.images.busybox}`);
    const step = execOp(source, { script: "true" });
    const { exitCode, status } = await rawStatus({ definition: define(source, step) });
    const digests = status.flatMap(({ vertexes = [] }) => vertexes.map(({ digest }) => digest));
    expect(exitCode).toBe(0);
    expect(digests).toEqual(expect.arrayContaining([digestOf(source), digestOf(step)]));
  });

  test("gives a step a network of its own, the host's or none", async () => {
    const listInterfaces = async (network: number) => {
      const step = { script: "ls /sys/class/net", network, allow: ["network.host"] };
      return (await runStep(step)).output.trim().split("\n").sort();
    };
    expect(await listInterfaces(networks.sandbox)).toEqual(["eth1", "lo"]);
    expect(await listInterfaces(networks.none)).toEqual(["lo"]);
    // The machine's own interfaces; those of other steps come and go.
    const lasting = readdirSync("/sys/class/net").filter((name) => !name.startsWith("veth"));
    expect(await listInterfaces(networks.host)).toEqual(expect.arrayContaining(lasting));
  });

  test("runs an insecure step with all rights when that is allowed", async () => {
    const script = "grep CapEff /proc/self/status";
    const allowed = await runStep({ script, insecure: true, allow: ["security.insecure"] });
    const refused = await runStep({ script: `${script}; true`, insecure: true });
    expect(allowed.output).not.toBe((await runStep({ script })).output);
    expect(refused.stderr).toContain("security.insecure is not allowed");
  });

  test("gives a step a CDI device when that is allowed", async () => {
    const { one, free, variable, file } = bed.devices;
    const script = `echo $${variable}; cat ${file}`;
    expect((await runStep({ script, device: one, allow: ["device"] })).output).toBe("one\none\n");
    expect((await runStep({ script, device: free })).output).toBe("free\nfree\n");
    expect((await runStep({ script, device: one })).exitCode).not.toBe(0);
  });
});

describe("the registry", () => {
  test("serves an image with little config and one with much", async () => {
    expect(await fetchConfig(bed.images.busybox)).toMatchObject({ architecture: "amd64", config: { Cmd: ["sh"] } });
    const { config, rootfs } = await fetchConfig(bed.images.configured);
    expect(config).toMatchObject({ User: "app", WorkingDir: "/work", StopSignal: "SIGUSR1" });
    expect(config.Env).toContain("FOO=from-base");
    expect(rootfs.diff_ids).toHaveLength(2);
  });

  test("serves an index with two platforms", async () => {
    const { manifests = [] } = await fetchManifest(bed.images.multi);
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    const arm64 = await fetchConfig(bed.images.multi, "arm64");
    expect(arm64).toMatchObject({ architecture: "arm64", variant: "v8" });
    expect(arm64.config.Env).toContain("MULTI=linux/arm64");
  });

  test("serves a Debian system that runs", async () => {
    const { exitCode, output } = await runStep({ image: bed.images.debian, script: ". /etc/os-release; echo $ID" });
    expect({ exitCode, output: output.trim() }).toEqual({ exitCode: 0, output: "debian" });
    expect((await fetchConfig(bed.images.debianConfigured)).config).toMatchObject({
      User: "app",
      WorkingDir: "/srv/work",
    });
  });

  test("answers to a password only, where it wants one", async () => {
    const { host, username, password } = bed.authRegistry;
    const url = `http://${host}/v2/busybox/tags/list`;
    const authorization = `Basic ${btoa(`${username}:${password}`)}`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
  });

  test("has a layout on disk with the same image", async () => {
    const index = JSON.parse(readFileSync(join(bed.ociLayout.dir, "index.json"), "utf8"));
    expect(JSON.stringify(index)).toContain(bed.ociLayout.digest);
    expect((await fetchManifest(bed.images.busybox)).digest).toBe(bed.ociLayout.digest);
  });
});

describe("the HTTP server", () => {
  test("serves files with their digests and logs it", async () => {
    const { hello, data, archive, named, accessLog } = bed.http;
    for (const { url, digest } of [hello, data, archive, named]) {
      expect(digestOf(await (await fetch(url, { headers: { "user-agent": unique } })).bytes())).toBe(digest);
    }
    expect((await fetch(named.url)).headers.get("content-disposition")).toContain(named.filename);
    const accesses = readFileSync(accessLog, "utf8").trim().split("\n");
    expect(accesses.map((line) => JSON.parse(line).headers["user-agent"])).toContain(unique);
  });

  test("echoes headers and keeps a file private", async () => {
    const { private: secret, headers } = bed.http;
    const authorization = secret.header;
    expect(await (await fetch(headers, { headers: { authorization } })).text()).toContain(authorization);
    expect((await fetch(secret.url)).status).toBe(401);
    expect((await fetch(secret.url, { headers: { authorization } })).status).toBe(200);
  });

  test("is reached by the daemon", async () => {
    const dest = join(scratch, "http");
    const source = sourceOp(bed.http.hello.url, { "http.checksum": bed.http.hello.digest });
    const result = await buildctlBuild({ definition: define(source), output: [`type=local,dest=${dest}`] });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(readdirSync(dest)).toEqual(["hello.txt"]);
  });
});

describe("the git server", () => {
  const clone = async (attrs: Readonly<Record<string, string>>, options: Partial<BuildctlOptions> = {}) => {
    const dest = mkdtempSync(join(scratch, "git-"));
    const full = attrs["git.fullurl"] ?? "";
    const source = sourceOp(`git://${full.replace(/^\w+:\/\/(root@)?/, "")}`, attrs);
    const result = await buildctlBuild({
      ...options,
      definition: define(source),
      output: [`type=local,dest=${dest}`],
    });
    return { ...result, files: readdirSync(dest, { recursive: true }).sort() };
  };

  test("serves the sample with its submodule", async () => {
    const { exitCode, files } = await clone({ "git.fullurl": `${bed.git.url}`, "git.checksum": bed.git.commits.main });
    expect(exitCode).toBe(0);
    expect(files).toEqual(expect.arrayContaining(["README.md", "bin/run.sh", "link", "module/module.txt"]));
  });

  test("serves the private repository to a token or a header", async () => {
    const { privateUrl, token, header } = bed.git;
    const attrs = {
      "git.fullurl": privateUrl,
      "git.authtokensecret": "GIT_AUTH_TOKEN",
      "git.authheadersecret": "GIT_AUTH_HEADER",
    };
    const env = { GIT_AUTH_TOKEN: token, GIT_AUTH_HEADER: header };
    expect((await clone(attrs)).exitCode).not.toBe(0);
    for (const id of ["GIT_AUTH_TOKEN", "GIT_AUTH_HEADER"]) {
      const { files, stderr } = await clone(attrs, { env, secrets: [`id=${id},env=${id}`] });
      expect({ files, stderr }).toMatchObject({ files: ["private.txt"] });
    }
  });

  test("serves over ssh to the key that the agent holds", async () => {
    const { url, knownHosts, agent } = bed.git.ssh;
    const attrs = { "git.fullurl": url, "git.knownsshhosts": knownHosts, "git.mountsshsock": "default" };
    const { files, stderr } = await clone(attrs, { ssh: [`default=${agent}`] });
    expect({ files, stderr }).toMatchObject({ files: expect.arrayContaining(["README.md"]) });
  });
});

describe("what comes only on demand", () => {
  test("continuous integration has the oldest daemon", () => {
    expect(process.env.CI === "true" && bed.v012 === undefined).toBe(false);
  });

  test.skipIf(bed.v012 === undefined)("the oldest daemon runs a step", async () => {
    const { exitCode, output } = await runStep({ script: "echo old", ...(bed.v012 && { addr: bed.v012.addr }) });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: "old\n" });
  });

  const engines = Object.entries({ "Debian's": bed.docker, "the newest": bed.moby });
  for (const [name, engine] of engines) {
    if (engine === undefined) continue;
    test(`${name} Docker Engine pulls from the registry`, async () => {
      const child = Bun.spawn([engine.docker, "-H", engine.host, "pull", bed.images.configured], { stderr: "pipe" });
      const stderr = await new Response(child.stderr).text();
      expect({ exitCode: await child.exited, stderr }).toMatchObject({ exitCode: 0 });
    });
  }
});

const networks = { sandbox: 0, host: 1, none: 2 } as const;

interface Step {
  readonly script: string;
  readonly image?: string;
  readonly network?: number;
  readonly insecure?: boolean;
  readonly device?: string;
  readonly allow?: readonly string[];
  readonly addr?: string;
}

/** Runs a script as the only step of a build and gives what it wrote. */
async function runStep(step: Step) {
  const dest = mkdtempSync(join(scratch, "step-"));
  const source = sourceOp(`docker-image://${step.image ?? bed.images.busybox}`);
  const result = await buildctlBuild({
    definition: define(source, execOp(source, step), 1),
    output: [`type=local,dest=${dest}`],
    allow: step.allow ?? [],
    ...(step.addr === undefined ? {} : { addr: step.addr }),
  });
  return { ...result, output: result.exitCode === 0 ? readFileSync(join(dest, "output"), "utf8") : "" };
}

type Field = readonly [number: number, value: number | string | Uint8Array];

/** A protobuf message; fields come in the given order. */
function message(...fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [varint(number << 3), varint(value)];
    const data = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [varint((number << 3) | 2), varint(data.length), data];
  });
  return new Uint8Array(Buffer.concat(parts));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return new Uint8Array([...bytes, Number(rest)]);
}

const platform: Field = [10, message([1, "amd64"], [2, "linux"])];
const constraints: Field = [11, message()];

function sourceOp(identifier: string, attrs: Readonly<Record<string, string>> = {}): Uint8Array {
  const entries = Object.entries(attrs).sort();
  const fields = entries.map(([key, value]): Field => [2, message([1, key], [2, value])]);
  const platforms = identifier.startsWith("docker-image:") ? [platform] : [];
  return message(...platforms, constraints, [3, message([1, identifier], ...fields)]);
}

/** A step whose output 1 is a directory with what it wrote to stdout, in the file `output`. */
function execOp(root: Uint8Array, { script, network = 0, insecure = false, device }: Step): Uint8Array {
  const args = ["/bin/sh", "-c", `{ ${script}\n} > /output/output # ${unique}`];
  const meta = message(...args.map((arg): Field => [1, arg]), [3, "/"]);
  const mounts: Field[] = [
    [2, message([3, "/"])],
    [2, message([1, -1], [3, "/output"], [4, 1])],
  ];
  const options: Field[] = [];
  if (network !== 0) options.push([3, network]);
  if (insecure) options.push([4, 1]);
  if (device !== undefined) options.push([6, message([1, device])]);
  return message([1, input(root)], platform, constraints, [2, message([1, meta], ...mounts, ...options)]);
}

/** The Definition of one op, or of a step on a source; `output` is the wanted output of the last. */
function define(first: Uint8Array, last = first, output = 0): Uint8Array {
  const terminal = message([1, input(last, output)], constraints);
  return message(...[...new Set([first, last]), terminal].map((op): Field => [1, op]));
}

function input(op: Uint8Array, index = 0): Uint8Array {
  const digest: Field = [1, digestOf(op)];
  return index === 0 ? message(digest) : message(digest, [2, index]);
}
