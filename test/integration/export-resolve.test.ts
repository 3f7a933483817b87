import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildTree, emit, inDirectory, unique } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { type LuakitResult, runLuakit, writeScript } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, authRegistry } = testbed();
const closed = "127.0.0.1:1/none:latest";

/** Runs the command in a directory with the script and a docker config. */
function run(args: readonly string[], script: string, env: Readonly<Record<string, string>> = {}, login?: string) {
  return inDirectory(async (directory): Promise<LuakitResult> => {
    writeScript(directory, script);
    mkdirSync(join(directory, "docker"));
    if (login !== undefined) writeFileSync(join(directory, "docker/config.json"), login);
    return runLuakit(args, { cwd: directory, env: { DOCKER_CONFIG: join(directory, "docker"), ...env } });
  });
}

/** What one step of a script runs with. */
function stepOf(definition: Uint8Array) {
  const step = decodeOps(definition).flatMap(({ op }) => (op.case === "exec" ? [op.value.meta] : []))[0];
  return { cwd: step?.cwd, user: step?.user, env: step?.env };
}

describe("the config of a base image", () => {
  const look = (base: string, options = "") => `
    local out = bk.bind(bk.scratch():mkdir("/o", {mode = "0777"}), "/out", {readonly = false})
    local command = "{ pwd; id -un; echo FOO=$FOO; echo OWN=$OWN; } > /out/o/seen # ${unique()}"
    bk.export(${base}:run(command, {mounts = {out}, ${options}}):mount("/out"))`;
  const seen = async (script: string, flags: readonly string[] = []) =>
    (await buildTree(script, { flags })).text("/o/seen").trim().split("\n");
  const configured = `bk.image("${images.configured}")`;

  test("is what steps start with", async () => {
    expect(await seen(look(configured))).toEqual(["/work", "app", "FOO=from-base", "OWN="]);
  });

  test("is below the state's own and the options", async () => {
    const state = `${configured}:with_env({FOO = "state", OWN = "state"}):with_dir("deep"):with_user("root")`;
    expect(await seen(look(state))).toEqual(["/work/deep", "root", "FOO=state", "OWN=state"]);
    expect(await seen(look(state, 'env = {OWN = "option"}, cwd = "er", user = "app"'))).toEqual([
      "/work/deep/er",
      "app",
      "FOO=state",
      "OWN=option",
    ]);
  });

  test("reaches through file operations, merge and diff", async () => {
    expect((await seen(look(`${configured}:mkfile("/x", "")`)))[0]).toBe("/work");
    expect((await seen(look(`bk.merge(${configured}, bk.scratch():mkfile("/x", ""))`)))[0]).toBe("/work");
  });

  test("is not asked for with --no-resolve: steps start at / with the daemon's PATH", async () => {
    expect(await seen(look(configured), ["--no-resolve"])).toEqual(["/", "root", "FOO=", "OWN="]);
    const { definition } = await emit(`bk.export(bk.image("${closed}"):run("x"))`, { flags: ["--no-resolve"] });
    expect(stepOf(definition)).toEqual({ cwd: "/", user: "", env: [] });
  });

  test("is that of the platform", async () => {
    const script = `bk.export(bk.image("${images.multi}"):run("x"))`;
    const envOf = async (platform: string) =>
      stepOf((await emit(script, { flags: [`--platform=${platform}`] })).definition).env;
    expect(await envOf("linux/arm64")).toContain("MULTI=linux/arm64");
    expect(await envOf("linux/amd64")).toContain("MULTI=linux/amd64");
  });
});

describe("resolve_digest", () => {
  test("pins the image to what it is now", async () => {
    const { definition } = await emit(`bk.export(bk.image("${images.busybox}", {resolve_digest = true}))`);
    expect(decodeOps(definition)[0].op.value).toMatchObject({
      identifier: expect.stringMatching(/^docker-image:\/\/.*busybox:latest@sha256:[0-9a-f]{64}$/),
    });
  });
});

describe("a registry that cannot be reached", () => {
  const script = `local base = bk.image("${closed}")\n\nbk.export(base:run("true"))`;

  test.each([["build"], ["config"]])("is an error of luakit %s that names both ways out", async (command) => {
    const { exitCode, bytes, stderr } = await run([command], script);
    expect(exitCode).toBe(1);
    expect(bytes.length).toBe(0);
    expect(stderr).toContain(`build.lua:1: cannot resolve the image "${closed}": `);
    expect(stderr).toMatch(/hint: .*(registry|mirror).*--no-resolve/);
  });

  test.each([["validate"], ["dag"]])("is never asked by luakit %s", async (command) => {
    expect((await run([command], script)).exitCode).toBe(0);
  });

  test("is never asked for images that files are only copied from", async () => {
    const copies = `bk.export(bk.scratch():copy(bk.image("${closed}"), "/x", "/x"))`;
    expect((await run(["build"], copies)).exitCode).toBe(0);
  });

  test("an image that is not there is an error at its line", async () => {
    const missing = `local x = 1\nbk.export(bk.image("${images.busybox.replace(/:latest$/, ":missing")}"):run("true"))`;
    const { exitCode, stderr } = await run(["build"], missing);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^build\.lua:2: cannot resolve the image ".*busybox:missing": /);
  });
});

describe("a registry that wants a login", () => {
  const script = `bk.export(bk.image("${authRegistry.host}/busybox:latest"):run("true"))`;
  const auth = (password: string) =>
    JSON.stringify({ auths: { [authRegistry.host]: { auth: btoa(`${authRegistry.username}:${password}`) } } });

  test("takes that of DOCKER_CONFIG", async () => {
    const { exitCode, bytes, stderr } = await run(["build"], script, {}, auth(authRegistry.password));
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stepOf(bytes).env).toEqual([expect.stringMatching(/^PATH=/)]);
  });

  test.each([
    ["no login", undefined],
    ["a wrong password", auth("wrong-s3cret")],
  ])("refuses %s", async (_, login) => {
    const { exitCode, stderr } = await run(["build"], script, {}, login);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/cannot resolve the image/);
    expect(stderr).toMatch(/hint: .*docker login.*--no-resolve/);
    expect(stderr).not.toContain("wrong-s3cret");
  });
});

describe("LUAKIT_REGISTRY_MIRRORS", () => {
  const script = 'bk.export(bk.image("registry.example/busybox:configured"):run("true"))';
  const env = { LUAKIT_REGISTRY_MIRRORS: `other.example=127.0.0.1:1,registry.example=${testbed().registry}` };

  test("is asked before the registry", async () => {
    const { exitCode, bytes, stderr } = await run(["build"], script, env);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stepOf(bytes).cwd).toBe("/work");
    expect(decodeOps(bytes)[0].op.value).toMatchObject({
      identifier: "docker-image://registry.example/busybox:configured",
    });
  });

  test("that says something else is wrong usage", async () => {
    const { exitCode, stderr } = await run(["build"], script, { LUAKIT_REGISTRY_MIRRORS: "registry.example" });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('LUAKIT_REGISTRY_MIRRORS: "registry.example" is not HOST=MIRROR');
  });
});
