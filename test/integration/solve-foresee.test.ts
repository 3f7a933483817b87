import { expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory, unique } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { addr, images, registry } = testbed();

function solve(script: string, ...flags: readonly string[]) {
  return inDirectory(async (directory) => {
    writeScript(directory, script);
    return runLuakit(["build", "--addr", addr, "-o", "type=cacheonly", ...flags], { cwd: directory });
  });
}

/** The vertices whose name has a text in it, by rawjson progress: milliseconds of their first start and last end. */
function timesOf(lines: string, text: string) {
  const vertices = lines
    .trim()
    .split("\n")
    .flatMap((line) => JSON.parse(line).vertexes ?? [])
    .filter(({ name }) => name.includes(text));
  const at = (key: string) =>
    vertices.flatMap((vertex) => (vertex[key] === undefined ? [] : [Date.parse(vertex[key])]));
  return {
    count: new Set(vertices.map(({ digest }) => digest)).size,
    started: Math.min(...at("started")),
    completed: Math.max(...at("completed")),
  };
}

test("the daemon looks for an image while the script runs, and once", async () => {
  const script = `local start = os.time()
local base = bk.image("${images.busybox}")
while os.time() < start + 2 do end
bk.export(base:run("echo ${unique()}"))`;
  const { exitCode, stderr } = await solve(script, "--progress", "rawjson");
  expect(exitCode).toBe(0);
  const metadata = timesOf(stderr, "[internal] load metadata for");
  expect(metadata.count).toBe(1);
  expect(timesOf(stderr, "docker-image://").started - metadata.completed).toBeGreaterThan(500);
});

test("a registry is asked for an image once in a build", async () => {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname.includes("/manifests/")) asked.push(`${request.method} ${pathname}`);
      return fetch(`http://${registry}${pathname}`, { method: request.method, headers: request.headers });
    },
  });
  const build = () => solve(`bk.export(bk.image("${server.url.host}/busybox"):run("echo ${unique()}"))`);
  expect((await build()).exitCode).toBe(0);
  asked.length = 0;
  expect((await build()).exitCode).toBe(0);
  expect(asked).toEqual(["HEAD /v2/busybox/manifests/latest"]);
  await server.stop(true);
});

test("an image that turns out not to be needed does no harm", async () => {
  const script = `local function never() return bk.image("${registry}/nowhere:1") end
bk.export(bk.image("${images.busybox}"):run("echo ${unique()}"))`;
  expect((await solve(script)).exitCode).toBe(0);
});

test("of a script that fails nothing is shown but its error", () =>
  inDirectory(async (directory) => {
    writeScript(directory, `local base = bk.image("${images.busybox}")\nbase:runn("x")`);
    // That nothing is exported would be a warning.
    const words = ["build", "--solve", "--addr", addr, "--progress", "plain"];
    const { exitCode, stderr } = await runLuakit(words, { cwd: directory });
    expect(exitCode).toBe(1);
    expect(stderr).toStartWith("build.lua:2: state:runn does not exist");
    expect(stderr).not.toContain("load metadata");
  }));

test.each([[[]], [["--no-cache"]]])("directories come while a registry thinks, once (%j)", async (flags) => {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === "HEAD") await Bun.sleep(1500);
      return fetch(`http://${registry}${pathname}`, { method: request.method, headers: request.headers });
    },
  });
  const script = `local base = bk.image("${server.url.host}/busybox")
bk.export(base:copy(bk.local_("context"), "build.lua", "/${unique()}"))`;
  const { exitCode, stderr } = await solve(script, "--progress", "rawjson", ...flags);
  await server.stop(true);
  expect(exitCode).toBe(0);
  const directory = timesOf(stderr, "local://context");
  expect(directory.count).toBe(1);
  const metadata = timesOf(stderr, "[internal] load metadata for");
  expect(metadata.completed - metadata.started).toBeGreaterThan(1000);
  // With --no-cache the vertex is another one, so that it would be asked for twice.
  const isEarly = directory.completed < metadata.completed;
  expect(isEarly).toBe(flags.length === 0);
});
