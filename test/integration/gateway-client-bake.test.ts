import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { expectSuccess, withBuildx } from "../support/client.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { addr, images, registry, v012, v021 } = testbed();
const { busybox, multi } = images;
const daemons = { "v0.12": v012?.addr ?? "", "v0.21": v021?.addr ?? "", "the newest": addr };

const base = (mark: string) => `
local word = bk.arg("WORD", "none")
local made = bk.image("${busybox}"):run("echo " .. word .. " ${mark} > /made")
bk.export(made, {env = {WORD = word}, labels = {word = word}})`;

const index = `
local own = bk.image("${multi}"):copy(bk.local_("context"), "own.txt", "/own.txt")
bk.export(own, {labels = {["for"] = tostring(bk.target_platform())}})`;

/** Its base is another target, and a context of its own has more files. */
const app = `
local base = bk.image("base")
local ran = base:copy(bk.local_("extra"), "/", "/extra"):run("cat /made > /seen && echo $WORD >> /seen")
bk.export(bk.scratch():copy(ran, "/seen", "/seen"):copy(ran, "/extra", "/extra"))`;

const several = `
bk.target("first", {default = true}, function() return bk.scratch():mkfile("/first", "1") end)
bk.target("second", {}, function() return bk.scratch():mkfile("/second", "2") end)`;

interface Project {
  readonly directory: string;
  readonly syntax: string;
  readonly tag: string;
}

const bakeFile = ({ directory, syntax, tag }: Project) => `
variable "WORD" { default = "unset" }
group "default" { targets = ["app", "index", "second"] }
target "common" {
  dockerfile = "build.lua"
  args = { BUILDKIT_SYNTAX = "${syntax}" }
}
target "base" {
  inherits = ["common"]
  context = "${directory}/base"
  args = { WORD = WORD }
}
target "app" {
  inherits = ["common"]
  context = "${directory}/app"
  contexts = { base = "target:base", extra = "${directory}/extra" }
  output = ["type=local,dest=${directory}/out/app"]
}
target "index" {
  inherits = ["common"]
  context = "${directory}/index"
  dockerfile = "sub/script.lua"
  platforms = ["linux/amd64", "linux/arm64"]
  labels = { given = "by bake" }
  tags = ["${tag}"]
  output = ["type=registry"]
}
target "second" {
  inherits = ["common"]
  context = "${directory}/several"
  target = "second"
  output = ["type=local,dest=${directory}/out/second"]
}
`;

describe.concurrent.each(Object.entries(daemons))("on %s daemon, bake", (_, address) => {
  test("builds targets with arguments, contexts, platforms, labels, tags and outputs", async () => {
    const tag = `${registry}/baked:${unique()}`;
    const mark = unique();
    await inDirectory(async (directory) => {
      writeFiles(directory, {
        "base/build.lua": base(mark),
        "app/build.lua": app,
        "extra/more.txt": "more",
        "index/sub/script.lua": index,
        "index/own.txt": "own",
        "several/build.lua": several,
        "docker-bake.hcl": bakeFile({ directory, syntax: await gatewayImage(), tag }),
      });
      mkdirSync(join(directory, "out"));
      const file = ["bake", "--progress=plain", `--allow=fs=${directory}`, "-f", join(directory, "docker-bake.hcl")];
      await withBuildx(address, async (buildx) => {
        expectSuccess(await buildx(...file, "--set=base.args.WORD=hello"));
        // buildx asks before the targets that are contexts have been built.
        expectSuccess(await buildx(...file, "--call=targets", "app"));
      });
      const read = (path: string) => readFileSync(join(directory, "out", path), "utf8");
      expect(read("app/seen")).toBe(`hello ${mark}\nhello\n`);
      expect(read("app/extra/more.txt")).toBe("more");
      expect(readdirSync(join(directory, "out/second"))).toEqual(["second"]);
    });
    const { manifests = [] } = await fetchManifest(tag);
    const platforms = manifests.map(({ platform }) => platform?.architecture).filter((each) => each !== "unknown");
    expect(platforms).toEqual(["amd64", "arm64"]);
    for (const architecture of platforms) {
      const { config } = await fetchConfig(tag, architecture);
      expect(config.Labels).toMatchObject({ given: "by bake", for: `linux/${architecture}` });
    }
  });
});

test("bake of one target with a #syntax line pushes what is tagged", async () => {
  const tag = `${registry}/baked:${unique()}`;
  await inDirectory(async (directory) => {
    writeFiles(directory, {
      "build.lua": `#syntax=${await gatewayImage()}\nbk.export(bk.scratch():mkfile("/x", "${unique()}"), {cmd = {"x"}})`,
      "bake.json": JSON.stringify({
        target: { default: { context: directory, dockerfile: "build.lua", tags: [tag] } },
      }),
    });
    const words = ["bake", `--allow=fs=${directory}`, "-f", join(directory, "bake.json"), "--push"];
    await withBuildx(addr, async (buildx) => expectSuccess(await buildx(...words)));
  });
  expect((await fetchConfig(tag)).config.Cmd).toEqual(["x"]);
});
