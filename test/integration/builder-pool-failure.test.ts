import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { bothPlatforms, describePool, usePool } from "../support/builder-pool.ts";
import { type LuakitResult, writeScript } from "../support/luakit.ts";
import { isPushed } from "../support/registry.ts";
import { startLuakit } from "../support/running.ts";
import { statusAt } from "../support/stage.ts";
import { fetchConfig, fetchManifest, readRawStatus, testbed } from "../support/testbed.ts";
import { openTokenRegistry } from "../support/token-registry.ts";

setDefaultTimeout(60_000);

const { authRegistry, images, registry } = testbed();
const newTag = () => `${registry}/pool-${unique()}:1`;
const base = `bk.image("${images.multi}")`;

const pool = usePool();

interface Result extends LuakitResult {
  readonly directory: string;
}

/** Builds on the pool for both platforms. */
function build<T>(
  text: string,
  flags: readonly string[],
  use: (result: Result) => Promise<T> | T,
  env: Readonly<Record<string, string>> = {},
) {
  return inDirectory(async (directory) => {
    writeScript(directory, text);
    const has = (flag: string) => flags.some((each) => each.startsWith(flag));
    const usual = ["--builder=pool", `--platform=${bothPlatforms}`, "--progress=plain"];
    const others = usual.filter((each) => !has(each.slice(0, each.indexOf("=") + 1)));
    const argv = ["build", "--solve", ...others, ...flags];
    return use({ ...(await pool().luakit(argv, directory, env)), directory });
  });
}

/** A step that goes on for a minute on one platform, and fails on the other. */
const failing = `bk.export(${base}:run("echo start; if grep -q arm64 /arch.txt; then echo last words; exit 3; fi; sleep 60"))`;

describePool("of several nodes", () => {
  test("one that fails ends the others, and its error is told once, with the script and the node", async () => {
    const tag = newTag();
    await build(
      failing,
      ["--push", `--tag=${tag}`, "--ref-file=ref"],
      async ({ exitCode, stderr, directory, milliseconds }) => {
        expect([exitCode, milliseconds < 20_000]).toEqual([1, true]);
        expect(stderr).toContain(`did not complete successfully: exit code: 3 (node "pool1")\n> 1 | bk.export(`);
        expect(stderr.match(/^build\.lua:1:/gm)).toHaveLength(1);
        expect(stderr).toMatch(/> \[pool1 linux\/arm64\] \/bin\/sh -c [^\n]*:\n.* start\n.* last words\n/);
        expect(stderr).toMatch(/\[pool0 linux\/amd64\] \/bin\/sh [^\n]*\n(#\d+ [^\n]*\n)?#\d+ CANCELED/);
        expect(await isPushed(tag)).toBe(false);
        expect(await statusAt(pool().amd64.addr, await Bun.file(join(directory, "ref")).text())).toBe("canceled");
      },
    );
  });

  test("one that fails leaves no files of the others", () => {
    const text = `bk.export(${base}:run("if grep -q arm64 /arch.txt; then sleep 1; exit 3; fi"))`;
    return build(text, ["--output=out"], ({ exitCode, directory }) => {
      expect(exitCode).toBe(1);
      expect(existsSync(join(directory, "out")) ? readdirSync(join(directory, "out")) : []).toEqual([]);
    });
  });

  test("one that cannot be reached is named", async () => {
    await pool().buildx(["create", "--name=half", "--driver=remote", "--platform=linux/amd64", pool().amd64.addr]);
    const create = ["create", "--name=half", "--append", "--node=gone", "--platform=linux/arm64"];
    await pool().buildx([...create, `unix://${pool().config}/gone.sock`]);
    await build(`bk.export(${base})`, ["--builder=half", "--push", `--tag=${newTag()}`], ({ exitCode, stderr }) => {
      expect(exitCode).toBe(125);
      expect(stderr).toBe(
        `error: cannot connect to unix://${pool().config}/gone.sock: there is no such socket (node "gone")\n`,
      );
    });
    const able = ["--builder=half", "--platform=linux/amd64", "--output=out"];
    await build(`bk.export(${base})`, able, ({ exitCode }) => expect(exitCode).toBe(0));
  });

  test("all are cancelled by an interrupt", () =>
    inDirectory(async (directory) => {
      writeScript(directory, `bk.export(${base}:run("echo ${unique()}; sleep 60"))`);
      const tag = newTag();
      const flags = [`--platform=${bothPlatforms}`, "--progress=plain", "--push", `--tag=${tag}`, "--ref-file=ref"];
      const env = { BUILDX_CONFIG: pool().config };
      const running = startLuakit(["build", "--builder=pool", ...flags], { cwd: directory, env });
      await running.until(() => /\[pool0 .*sleep 60/.test(running.text()) && /\[pool1 .*sleep 60/.test(running.text()));
      running.signal("SIGINT");
      const { exitCode, stderr, milliseconds } = await running.ended;
      expect([exitCode, milliseconds < 2000]).toEqual([130, true]);
      expect(stderr).toEndWith("error: the build was interrupted\n");
      const ref = await Bun.file(join(directory, "ref")).text();
      for (const { addr } of [pool().amd64, pool().arm64])
        expect(await statusAt(addr, ref)).toMatch(/^(canceled|error)$/);
    }));

  test("what one daemon alone can write is refused before anything is built", () =>
    build(failing, ["--output=type=oci,dest=image.tar"], ({ exitCode, stderr, directory }) => {
      expect([exitCode, readdirSync(directory)]).toEqual([2, ["build.lua"]]);
      expect(stderr).toBe(
        "error: several nodes of the builder build this, and then type=oci cannot be written\n" +
          "hint: push the image with --push, or choose one --platform\n",
      );
    }));

  test("a cache that they write over each other is warned of once, and what a script says is said once", () => {
    const text = `bk.log("hello of the script")\nbk.export(${base})`;
    const cache = `type=registry,ref=${registry}/pool-cache:${unique()}`;
    return build(text, ["--output=type=cacheonly", `--cache-to=${cache}`], ({ exitCode, stderr }) => {
      expect(exitCode).toBe(0);
      expect(stderr.match(/warning: --cache-to: each node writes/g)).toHaveLength(1);
      expect(stderr.match(/hello of the script/g)).toHaveLength(1);
    });
  });

  test("each has vertices of its own in one stream", () =>
    build(`bk.export(${base}:run("true"))`, ["--output=type=cacheonly", "--progress=rawjson"], ({ stderr }) => {
      const vertexes = readRawStatus(stderr).flatMap((status) => status.vertexes ?? []);
      const steps = new Map(vertexes.filter(({ name }) => name.endsWith("-c true")).map((each) => [each.digest, each]));
      expect([...steps.values()].map(({ name }) => name).sort()).toEqual([
        "[pool0 linux/amd64] /bin/sh -c true",
        "[pool1 linux/arm64] /bin/sh -c true",
      ]);
      const known = new Set(vertexes.map(({ digest }) => digest));
      expect([...steps.values()].flatMap(({ inputs = [] }) => inputs).every((input) => known.has(input))).toBe(true);
    }));
});

test.skipIf(testbed().buildx === undefined)(
  "nodes that have lost everything start from the caches in the images of an index",
  async () => {
    const tag = newTag();
    const text = `bk.export(${base}:run("head -c 16 /dev/urandom > /made"))`;
    const read = ({ directory }: Result) =>
      ["linux_amd64", "linux_arm64"].map((name) => readFileSync(join(directory, "out", name, "made"), "hex"));
    const first = await build(text, ["--push", `--tag=${tag}`, "--output=out", "--cache-to=type=inline"], read);
    expect(new Set(first).size).toBe(2);
    for (const { addr } of [pool().amd64, pool().arm64]) await pool().luakit(["prune", "--all", "--addr", addr], "/");
    expect(await build(text, ["--output=out", `--cache-from=${tag}`], read)).toEqual(first);
    for (const { addr } of [pool().amd64, pool().arm64]) await pool().luakit(["prune", "--all", "--addr", addr], "/");
    expect(await build(text, ["--output=out"], read)).not.toEqual(first);
  },
);

describePool("the index is pushed", () => {
  const text = `bk.export(${base})`;

  /** Writes docker's configuration with a login for a registry. */
  function login(directory: string, host: string, account: string): Record<string, string> {
    const config = join(directory, "docker");
    mkdirSync(config);
    writeFileSync(join(config, "config.json"), JSON.stringify({ auths: { [host]: { auth: btoa(account) } } }));
    return { DOCKER_CONFIG: config };
  }

  test("with the login of docker, by password and by a token that may push", () =>
    inDirectory(async (directory) => {
      const tokens = openTokenRegistry();
      try {
        const tag = `${tokens.host}/pool-${unique()}:1`;
        const env = login(directory, tokens.host, "me:s3cret-pass");
        await build(text, ["--push", `--tag=${tag}`], ({ exitCode }) => expect(exitCode).toBe(0), env);
        const { manifests } = await fetchManifest(tag.replace(tokens.host, registry));
        expect(manifests).toHaveLength(2);
      } finally {
        tokens.stop();
      }
      const { host, username, password } = authRegistry;
      const other = join(directory, "other");
      mkdirSync(other);
      const env = login(other, host, `${username}:${password}`);
      const flags = ["--push", `--tag=${host}/pool-${unique()}:1`];
      await build(text, flags, ({ exitCode }) => expect(exitCode).toBe(0), env);
      await build(text, flags, ({ exitCode, stderr }) => {
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(
          /error: .* wants a login, and .* has none for it \(node "pool[01]"\)\nhint: log in with/,
        );
      });
    }));

  test("or the image is named that could not be", async () => {
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      maxRequestBodySize: 1024 ** 3,
      async fetch(request) {
        const url = new URL(request.url);
        const isTag = request.method === "PUT" && url.pathname.endsWith("/manifests/1");
        if (isTag) return Response.json({ errors: [{ code: "DENIED", message: "tags are frozen" }] }, { status: 409 });
        return forward(request, url);
      },
    });
    const tag = `127.0.0.1:${server.port}/pool-${unique()}:1`;
    await build(text, ["--push", `--tag=${tag}`], ({ exitCode, stderr }) => {
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`error: cannot push the index "${tag}": `);
      expect(stderr).toContain("(tags are frozen)");
    });
  });

  test("of bases that are the same on all nodes, even when their name moves meanwhile", async () => {
    const [one, two] = [`${registry}/busybox:multi`, await otherBase()].map((name) => fetchManifest(name));
    const digests = (await Promise.all([one, two])).map((each) => each?.digest ?? "");
    let asked = 0;
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        const url = new URL(request.url);
        // Each question for the tag has another answer.
        if (url.pathname.endsWith("/manifests/moving")) {
          url.pathname = url.pathname.replace(/moving$/, digests[asked++ % 2] ?? "");
        }
        url.pathname = url.pathname.replace("/v2/moving/", "/v2/busybox/");
        return forward(request, url);
      },
    });
    const tag = newTag();
    const moving = `bk.export(bk.image("127.0.0.1:${server.port}/moving:moving"))`;
    await build(moving, ["--push", `--tag=${tag}`], ({ exitCode, stderr }) => {
      expect([exitCode, stderr.includes("ERROR")]).toEqual([0, false]);
    });
    expect(asked).toBeGreaterThan(1);
    const configs = await Promise.all(["amd64", "arm64"].map((architecture) => fetchConfig(tag, architecture)));
    const isOther = configs.map(({ config }) => JSON.stringify(config.Labels ?? {}).includes("other"));
    expect(isOther[0]).toBe(isOther[1]);
  });
});

/** The base of both platforms once more, with a label: another digest. */
async function otherBase(): Promise<string> {
  const tag = `${registry}/busybox:other-${unique()}`;
  const text = `bk.export(${base}, { labels = { which = "other" } })`;
  await build(text, ["--push", `--tag=${tag}`], ({ exitCode }) => expect(exitCode).toBe(0));
  return tag;
}

async function forward(request: Request, url: URL): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.delete("host");
  const answer = await fetch(`http://${registry}${url.pathname}${url.search}`, {
    method: request.method,
    headers,
    redirect: "manual",
    decompress: false,
    ...(["GET", "HEAD"].includes(request.method) ? {} : { body: await request.bytes() }),
  });
  const location = answer.headers.get("location");
  const moved = new Headers(answer.headers);
  if (location !== null) moved.set("location", location.replace(registry, new URL(request.url).host));
  return new Response(request.method === "HEAD" ? null : await answer.bytes(), {
    status: answer.status,
    headers: moved,
  });
}
