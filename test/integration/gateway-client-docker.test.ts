import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { expectSuccess, type Program, withDocker } from "../support/client.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { busybox } = testbed().images;

const script = `
local word = bk.arg("WORD", "none")
local files = bk.image("${busybox}"):copy(bk.local_("context"), "files", "/srv/files")
bk.export(files:run("echo " .. word .. " ${unique()} | cut -d' ' -f1 > /srv/word"), {
  entrypoint = {"/bin/sh", "-c"}, cmd = {"cat /srv/word /srv/files/a.txt; pwd; id -u; echo $WORD"},
  env = {WORD = word}, workdir = "/srv", user = "1000:1000", labels = {made = "here"}, expose = {8080},
})`;

const engines = [
  ["an old engine", "docker", "own"],
  ["an old engine, with buildx", "docker", "buildx"],
  ["the newest engine, with buildx", "moby", "buildx"],
] as const;

async function output(docker: Program, ...words: readonly string[]): Promise<string> {
  return expectSuccess(await docker(...words)).stdout.trim();
}

/** Builds a script as a user of docker does, from a directory with a line that names the frontend. */
async function build(docker: Program, text: string, words: readonly string[]): Promise<void> {
  const syntax = await gatewayImage();
  await inDirectory(async (directory) => {
    writeFiles(directory, {
      "build.lua": `#syntax=${syntax}\n${text}`,
      "files/a.txt": "a file\n",
      "files/b.log": "ignored",
      ".dockerignore": "**/*.log\n",
    });
    expectSuccess(await docker("build", "-f", join(directory, "build.lua"), ...words, directory));
  });
}

describe.concurrent.each(engines)("docker build on %s", (_, engine, builder) => {
  test("makes an image with its config, which docker run runs", async () => {
    const name = `luakit-test/${unique()}:1`;
    await withDocker(engine, builder, async (docker) => {
      await build(docker, script, ["-t", name, "--build-arg=WORD=hello", "--label=given=too"]);
      const config = JSON.parse(await output(docker, "image", "inspect", "--format={{json .Config}}", name));
      expect(config).toMatchObject({
        Entrypoint: ["/bin/sh", "-c"],
        User: "1000:1000",
        WorkingDir: "/srv",
        ExposedPorts: { "8080/tcp": {} },
        Labels: { made: "here", given: "too" },
      });
      // The testbed's newest engine builds, but has no runtime for containers.
      if (engine !== "docker") return;
      const said = await output(docker, "run", "--rm", "--network=none", name);
      expect(said).toBe("hello\na file\n/srv\n1000\nhello");
      expect(await output(docker, "run", "--rm", "--network=none", name, "ls /srv/files")).toBe("a.txt");
    });
  });

  test("makes the target that is named, and one that FROM of a Dockerfile goes on from", async () => {
    const [name, next] = [`luakit-test/${unique()}:1`, `luakit-test/${unique()}:2`];
    const text = `
      local base = bk.image("${busybox}")
      bk.target("other", {}, function() return base end)
      bk.target("wanted", {}, function() return base:mkfile("/wanted", "${unique()}"), {env = {FROM_LUA = "yes"}} end)`;
    await withDocker(engine, builder, async (docker) => {
      await build(docker, text, ["-t", name, "--target=wanted"]);
      await inDirectory(async (directory) => {
        writeFiles(directory, {
          Dockerfile: `FROM ${name}\nRUN test -e /wanted && test $FROM_LUA = yes\nLABEL seen=yes\n`,
        });
        expectSuccess(await docker("build", "-t", next, directory));
      });
      expect(await output(docker, "image", "inspect", "--format={{.Config.Labels.seen}}", next)).toBe("yes");
    });
  });
});
