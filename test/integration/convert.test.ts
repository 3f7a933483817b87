import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { convertDockerfile } from "../../src/convert/convert-dockerfile.ts";
import { isLong } from "../stress/effort.ts";
import { inDirectory, luakit, unique, writeFiles } from "../support/build.ts";
import { buildDockerfile, buildScript, type ConvertOptions, readCase } from "../support/convert-case.ts";
import { inTurn } from "../support/in-turn.ts";

const names = [...new Glob("*.Dockerfile").scanSync(join(import.meta.dir, "convert"))]
  .map((file) => file.replace(".Dockerfile", ""))
  .sort();

/** Builds of the same Dockerfile beside that without options: in the short form the first of each. */
const variants: Readonly<Record<string, readonly ConvertOptions[]>> = {
  stages: [{ target: "build" }, { target: "test" }],
  "global-args": [{ buildArgs: { VERSION: "3.0", EXTRA: "x y" } }, { target: "first" }],
  "arg-scope": [{ buildArgs: { INSIDE: "given", OUTSIDE: "given" } }, { target: "one" }],
  "expansion-args": [{ buildArgs: { UNSET: "set", PORT: "81", NAME: "other", VERSION: "2", DIR: "/x" } }],
  "base-reset": [{ target: "first" }, { target: "second" }],
  "inherited-config": [{ target: "base" }, { target: "middle" }],
  platforms: [{ platform: "linux/arm64" }, { buildArgs: { TARGETARCH: "mine" } }],
  "args-elsewhere": [{ buildArgs: { V: "given", A: "9", K: "argument" } }, { target: "four" }],
  "args-from-stage": [{ buildArgs: { VARIANT: "large" } }],
  "derived-args": [{ buildArgs: { LEVEL: "9" } }, { target: "one" }],
  "go-app": [{ target: "build", buildArgs: { LDFLAGS: "-x" } }],
  "node-app": [{ target: "build" }],
};

/** Dockerfiles of which something is said. */
const warned: Readonly<Record<string, readonly string[]>> = {
  expansion: ["LABEL: $NONE_LABEL is not set in the Dockerfile; if the base image sets it, write its value here"],
  workdir: ["WORKDIR: $PATHLESS is not set in the Dockerfile; if the base image sets it, write its value here"],
};

/** Dockerfiles that set a variable twice: it is where it was for the Dockerfile frontend, and last for the script. */
const setsAgain: ReadonlySet<string> = new Set(["env-forms"]);

test("there are Dockerfiles of all shapes", () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
});

describe.concurrent("a converted Dockerfile gives the same image", () => {
  for (const name of names) {
    for (const options of [{}, ...(variants[name] ?? []).slice(0, isLong ? undefined : 1)]) {
      test(`${name} ${JSON.stringify(options)}`, async () => {
        const text = readCase(name, unique());
        const { script, warnings } = convertDockerfile(text, { name: "Dockerfile" });
        expect(warnings.map(({ message }) => message)).toEqual([...(warned[name] ?? [])]);
        const [before, after] = await Promise.all([buildDockerfile(text, options), buildScript(script, options)]);
        expect(after.config).toEqual(before.config);
        if (!setsAgain.has(name)) expect(after.env).toEqual(before.env);
        expect(after.files).toEqual(before.files);
      }, 60_000);
    }
  }
});

describe.concurrent("luakit convert", () => {
  const run = async (directory: string, ...words: readonly string[]) => {
    const child = Bun.spawn([luakit, ...words], { cwd: directory, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { stdout, stderr, exitCode };
  };

  test(
    "writes scripts as luakit fmt has them, which are valid",
    () =>
      inDirectory(async (directory) => {
        const some = ["comments", "config", "copy-heredoc", "node-app", "run-mounts"];
        const converted = await inTurn(some, 3, async (name) => {
          writeFiles(directory, { [`${name}.Dockerfile`]: readCase(name, "x") });
          return run(directory, "convert", `${name}.Dockerfile`, "-o", `${name}.lua`);
        });
        expect([...converted].filter(([, { exitCode }]) => exitCode !== 0)).toEqual([]);
        expect(await run(directory, "fmt", "--check", ".")).toMatchObject({ exitCode: 0 });
        const scripts = some.map((name) => `${name}.lua`);
        expect(await run(directory, "validate", ...scripts)).toMatchObject({ exitCode: 0 });
      }),
    30_000,
  );

  test("overwrites nothing", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { Dockerfile: "FROM busybox\n", "build.lua": "mine" });
      const { stderr, exitCode } = await run(directory, "convert", "-o", "build.lua");
      expect(stderr).toContain('"build.lua" is there already');
      expect(exitCode).toBe(1);
      expect(await Bun.file(`${directory}/build.lua`).text()).toBe("mine");
    }));

  test("says what it leaves out, and with --strict writes nothing then", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { Dockerfile: "FROM busybox\n\nVOLUME data\n" });
      const said = 'warning: Dockerfile:3: VOLUME: "data" is not an absolute path\n';
      const lax = await run(directory, "convert");
      expect(lax.exitCode).toBe(0);
      expect(lax.stdout).toContain("NOT CONVERTED (line 3)");
      expect(lax.stderr).toStartWith(said);
      const strict = await run(directory, "convert", "--strict", "-o", "build.lua");
      expect(strict.exitCode).toBe(1);
      expect(strict.stderr).toContain("one thing is not converted");
      expect(strict.stderr).toStartWith(said);
      expect(await Bun.file(`${directory}/build.lua`).exists()).toBe(false);
    }));

  test("shows where a Dockerfile is wrong", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { "app.Dockerfile": "FROM busybox\nRUN true\nCOPPY a b\n" });
      const { stderr, exitCode } = await run(directory, "convert", "app.Dockerfile");
      expect(stderr).toContain('app.Dockerfile:3: unknown instruction "COPPY" (did you mean "COPY"?)\n');
      expect(stderr).toContain("> 3 | COPPY a b\n");
      expect(exitCode).toBe(1);
    }));
});
