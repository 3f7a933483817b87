import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { buildctlBuild, fetchConfig, testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, registry } = testbed();
const script = `
  bk.export(bk.image("${images.configured}"):mkfile("/work/x", ""), {
    cmd = {"a, b", 'c "d"', "e\\nf"}, env = {FOO = "changed"}, annotations = {note = 'x, "y"'},
  })`;

function run(args: readonly string[], text = script, file?: string) {
  return inDirectory(async (directory) => {
    writeScript(directory, text);
    const result = await runLuakit(args, { cwd: directory });
    return { ...result, file: file === undefined ? "" : readFileSync(join(directory, file), "utf8") };
  });
}

describe("luakit config", () => {
  test("prints the config as JSON: the base's, changed by the script", async () => {
    const { exitCode, stdout, stderr } = await run(["config"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      os: "linux",
      architecture: "amd64",
      config: {
        Cmd: ["a, b", 'c "d"', "e\nf"],
        User: "app",
        Env: [expect.stringMatching(/^PATH=/), "FOO=changed"],
        Entrypoint: ["/bin/busybox"],
      },
    });
    expect(stdout).toContain("\n  ");
  });

  test("--output-attr is one line that buildctl's --output takes apart again", async () => {
    const { stdout } = await run(["config", "--output-attr"]);
    expect(stdout.match(/\n/g)?.length).toBe(1);
    const [attribute, annotation] = splitFields(stdout.trimEnd());
    expect(annotation).toBe('annotation.note=x, "y"');
    const config = JSON.parse(attribute?.replace(/^containerimage\.config=/, "") ?? "");
    expect(config).toEqual(JSON.parse((await run(["config"])).stdout));
  });

  test("without a config of its own it is the base's", async () => {
    const { stdout } = await run(["config"], `bk.export(bk.image("${images.configured}"))`);
    expect(JSON.parse(stdout).config).toMatchObject({ User: "app", Cmd: ["sh", "-l"], WorkingDir: "/work" });
  });

  test("--no-resolve knows only what the script says", async () => {
    const { stdout } = await run(["config", "--no-resolve"]);
    const { config } = JSON.parse(stdout);
    expect(config).toMatchObject({ Cmd: ["a, b", 'c "d"', "e\nf"] });
    expect(config.User).toBeUndefined();
  });

  test("of a target and a platform", async () => {
    const targets = `
      bk.target("a", {default = true}, function() return bk.scratch(), {cmd = {"a"}} end)
      bk.target("b", {}, function() return bk.scratch(), {cmd = {"b"}} end)`;
    const { stdout } = await run(["config", "--target=b", "--platform=linux/arm/v7"], targets);
    expect(JSON.parse(stdout)).toMatchObject({ architecture: "arm", variant: "v7", config: { Cmd: ["b"] } });
  });
});

describe("luakit build --image-config", () => {
  test("writes the same, and says nothing", async () => {
    const { exitCode, stderr, bytes, file } = await run(
      ["build", "--image-config", "image.json"],
      script,
      "image.json",
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(bytes.length).toBeGreaterThan(0);
    expect(JSON.parse(file)).toEqual(JSON.parse((await run(["config"])).stdout));
  });

  test("into a directory that is not there fails", async () => {
    const { exitCode, stderr, bytes } = await run(["build", "--image-config=no/image.json"]);
    expect(exitCode).toBe(1);
    expect(bytes.length).toBe(0);
    expect(stderr).toMatch(/cannot write ".*no\/image\.json": its directory does not exist/);
  });
});

describe("a config that nothing takes", () => {
  test("is one warning that names the way", async () => {
    const { exitCode, stderr } = await run(["build", "build.lua"]);
    expect(exitCode).toBe(0);
    expect(stderr.match(/^warning: /gm)?.length).toBe(1);
    expect(stderr).toContain("luakit config --output-attr build.lua");
  });

  test("the way works as it is printed, in a shell", async () => {
    await inDirectory(async (directory) => {
      writeScript(directory, script);
      const { stderr, bytes } = await runLuakit(["build"], { cwd: directory });
      const printed = /--output "(.*)"/.exec(stderr)?.[1] ?? "";
      const attributes = (
        await runLuakit(["config", "--output-attr", "build.lua"], { cwd: directory })
      ).stdout.trimEnd();
      const name = `${registry}/as-printed:${crypto.randomUUID()}`;
      const output = printed.replace("name=NAME", `name=${name},push=true`).replace(/\$\(.*\)/, () => attributes);
      const built = await buildctlBuild({ definition: bytes, output: [output] });
      expect(built.stderr).not.toContain("ERROR");
      expect((await fetchConfig(name)).config).toMatchObject({ Cmd: ["a, b", 'c "d"', "e\nf"] });
    });
  });

  test("is no warning when there is none", async () => {
    const { stderr } = await run(["build"], `bk.export(bk.image("${images.configured}"))`);
    expect(stderr).toBe("");
  });
});

/** The fields of one line of comma separated values. */
function splitFields(line: string): string[] {
  const fields = line.match(/"(?:[^"]|"")*"|[^,]+/g) ?? [];
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}
