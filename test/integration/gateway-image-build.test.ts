import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildTree, inDirectory, unique, writeFiles } from "../support/build.ts";
import { expectSuccess, withDocker } from "../support/client.ts";
import { checkout, compileTargets, packageImage } from "../support/packaged-image.ts";
import { buildctlBuild, testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const bed = testbed();
const recipes = ["packaging/gateway.lua", "Dockerfile.gateway"] as const;
const nameOf = (recipe: string) => `${bed.registry}/luakit-packaged:${recipe.replace("/", "-")}`;

const files = (word: string, first = "") => ({
  "build.lua": `${first}bk.export(bk.scratch():copy(bk.local_("context"), "word", "/copied"):mkfile("/made", "${word}"))`,
  word: "from the context",
});

beforeAll(async () => {
  await compileTargets();
  for (const recipe of recipes) await packageImage(recipe, `type=image,name=${nameOf(recipe)},push=true`);
});

describe.concurrent.each(recipes)("an image of %s", (recipe) => {
  test("builds scripts on the newest daemon", async () => {
    const word = unique();
    await inDirectory(async (directory) => {
      writeFiles(directory, files(word));
      const { exitCode, stderr } = await buildctlBuild({
        frontend: "gateway.v0",
        opts: { source: nameOf(recipe), filename: "build.lua" },
        locals: { context: directory, dockerfile: directory },
        output: [`type=local,dest=${join(directory, "out")}`],
      });
      expect(exitCode, stderr).toBe(0);
      expect(readFileSync(join(directory, "out/made"), "utf8")).toBe(word);
      expect(readFileSync(join(directory, "out/copied"), "utf8")).toBe("from the context");
    });
  });

  test("builds scripts in an old Docker Engine", async () => {
    const word = unique();
    await withDocker("docker", "own", (docker) =>
      inDirectory(async (directory) => {
        writeFiles(directory, files(word, `#syntax=${nameOf(recipe)}\n`));
        const [script, out] = [join(directory, "build.lua"), join(directory, "out")];
        expectSuccess(await docker("build", "-f", script, "-o", out, directory));
        expect(readFileSync(join(out, "made"), "utf8")).toBe(word);
      }),
    );
  });

  test("runs as its user, who is not root, without a network", async () => {
    const tree = await buildTree(`
      local image = bk.image("${nameOf(recipe)}")
      local script = bk.scratch():mkfile("/build.lua", [[bk.export(bk.scratch():mkfile("/${unique()}", "x"))]])
      local out = bk.scratch():mkdir("/out", {owner = "65532:65532"})
      local ran = image:run({"/luakit", "build", "--no-resolve", "-o", "/to/out/graph.pb", "/from/build.lua"}, {
        network = "none",
        mounts = {bk.bind(script, "/from"), bk.bind(out, "/to", {readonly = false})},
      })
      bk.export(ran:mount("/to"))`);
    expect(tree.entry("out/graph.pb").owner).toBe("65532:65532");
    expect(tree.entry("out/graph.pb").data.length).toBeGreaterThan(50);
  });
});

test("docker build makes an image that the same Engine finds by its name", async () => {
  const name = `luakit-test-${unique()}:gateway`;
  await withDocker("docker", "own", async (docker) => {
    const base = `BASE=${bed.images.debian}`;
    const recipe = join(checkout, "Dockerfile.gateway");
    expectSuccess(await docker("build", "-t", name, "-f", recipe, "--build-arg", base, checkout));
    try {
      const word = unique();
      await inDirectory(async (directory) => {
        writeFiles(directory, files(word, `#syntax=${name}\n`));
        const [script, out] = [join(directory, "build.lua"), join(directory, "out")];
        expectSuccess(await docker("build", "-f", script, "-o", out, directory));
        expect(readFileSync(join(out, "made"), "utf8")).toBe(word);
      });
    } finally {
      await docker("image", "rm", name);
    }
  });
});
