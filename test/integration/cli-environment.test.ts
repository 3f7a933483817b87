import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Files, inDirectory } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const print = 'print(os.getenv("WANTED")) bk.export(bk.scratch())';

function run(args: readonly string[], script: string, env: Readonly<Record<string, string>> = {}, files: Files = {}) {
  return inDirectory((directory) => {
    writeScript(directory, script, files);
    return runLuakit(args, { cwd: directory, env });
  });
}

describe("os.getenv", () => {
  const host = { WANTED: "host" };
  const cases: [string[], string][] = [
    [["--env", "WANTED"], "host"],
    [["--env=WANTED"], "host"],
    [["--build-arg", "WANTED=given"], "given"],
    [["--build-arg", "WANTED"], "host"],
    [["--opt=WANTED=given"], "given"],
    [["--opt=build-arg:WANTED=given"], "given"],
    [["--frontend-arg=WANTED=given"], "given"],
    [["--env=WANTED", "--build-arg=WANTED=given"], "given"],
  ];
  test.each(cases)("with %j", async (flags, expected) => {
    const { stderr } = await run(["build", ...flags], print, host);
    expect(stderr).toBe(`${expected}\n`);
  });

  test("of a variable that the host has and the script was not given is nil, with one hint that names the flag", async () => {
    const { exitCode, stderr } = await run(["build"], `os.getenv("WANTED") ${print}`, host);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^nil\nhint: .*WANTED.*--env WANTED.*\n$/);
  });

  test("of a variable that nobody has is nil, without a hint", async () => {
    expect((await run(["build"], print)).stderr).toBe("nil\n");
    expect((await run(["build", "--env=WANTED"], print)).stderr).toBe("nil\n");
  });

  test("nothing of the host gets into the Definition by itself", async () => {
    const script = 'bk.export(bk.image("a"):run("x"))';
    const { bytes } = await run(["build", "--no-resolve"], script, {
      WANTED: "leaked-value",
      http_proxy: "leaked-value",
    });
    expect(new TextDecoder("latin1").decode(bytes)).not.toContain("leaked-value");
    expect(decodeOps(bytes).flatMap(({ op }) => (op.case === "exec" ? [op.value.meta?.env] : []))).toEqual([[]]);
  });
});

describe("the working directory holds no surprise", () => {
  const loud = "console.error('LOADED'); process.exit(9);";
  const hostile: Files = {
    ".env": "WANTED=dotenv\nNO_COLOR=dotenv\nBUN_OPTIONS=--print 1\nLUAKIT_DEBUG=1\n",
    ".env.local": "WANTED=dotenv\n",
    ".env.production": "WANTED=dotenv\n",
    "bunfig.toml":
      'preload = ["./preload.ts"]\n[test]\npreload = ["./preload.ts"]\n[install]\nregistry = "http://127.0.0.1:1"\n',
    "preload.ts": loud,
    "tsconfig.json":
      '{"compilerOptions": {"paths": {"*": ["./preload.ts"]}, "jsx": "react", "jsxImportSource": "./preload"}}',
    "jsconfig.json": "{ broken",
    "package.json":
      '{"name": "hostile", "type": "commonjs", "main": "./preload.ts", "imports": {"#*": "./preload.ts"}, "exports": "./preload.ts"}',
    "node_modules/wasmoon/index.js": loud,
    "node_modules/wasmoon/package.json": '{"name": "wasmoon", "main": "index.js"}',
    "node_modules/node:fs/index.js": loud,
    "node_modules/bun/index.js": loud,
    "src/main.ts": loud,
    "bun.lock": "broken",
  };

  test.each([["build"], ["validate"], ["dag"], ["config"], ["version"]])("of luakit %s", async (command) => {
    const args = command === "version" ? [command] : [command, "build.lua"];
    const { exitCode, stdout, stderr } = await run(args, print, {}, hostile);
    expect(exitCode).toBe(0);
    expect(stdout + stderr).not.toContain("LOADED");
    expect(stderr).toBe(command === "version" ? "" : "nil\n");
  });

  test("a broken package.json and tsconfig.json do not matter", async () => {
    const broken = {
      "package.json": "{ broken",
      "tsconfig.json": "{ broken",
      "bunfig.toml": "= broken",
      ".env": "=\n",
    };
    expect((await run(["build"], print, {}, broken)).exitCode).toBe(0);
  });

  test("the Definition is the same with and without them", async () => {
    const script = 'bk.export(bk.image("a"):run(os.getenv("WANTED") or "nothing"))';
    const [with_, without] = [
      await run(["build", "--no-resolve"], script, {}, hostile),
      await run(["build", "--no-resolve"], script),
    ];
    expect(with_.bytes).toEqual(without.bytes);
    expect(without.bytes.length).toBeGreaterThan(0);
  });
});
