import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { expectSuccess, withDocker } from "../support/client.ts";
import { built, failure, frontendBuild, frontendTree } from "../support/frontend-build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { fetchConfig, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { images, registry, addr, v012, v021, docker } = testbed();
const daemons = [["the newest daemon", addr], ...(v012 === undefined ? [] : [["v0.12", v012.addr] as const])] as const;

describe.concurrent("no-cache", () => {
  const random = "cat /proc/sys/kernel/random/uuid";
  const files = {
    "build.lua": `
      local shared = bk.image("${images.busybox}"):run("${random} > /shared # ${unique()}")
      local function made(name)
        local inner = bk.dockerfile{context = bk.scratch():mkfile("/Dockerfile", "FROM ${images.busybox}\\nRUN ${random} > /inner # ${unique()}\\n")}
        local step = shared:run("${random} > /step # " .. name):copy(inner, "/inner", "/inner")
        return bk.scratch():copy(step, {"/shared", "/step", "/inner"}, "/")
      end
      bk.target("App", {default = true}, function() return made("app") end)
      bk.target("other", {}, function() return made("other") end)`,
  };
  const build = async (opts: Readonly<Record<string, string>>, daemon = addr) => {
    const tree = await frontendTree({ files, opts, addr: daemon });
    return ["shared", "step", "inner"].map((name) => tree.text(name));
  };
  /** Which files are others than those of the build before. */
  const changed = (before: readonly string[], after: readonly string[]) => before.map((text, at) => text !== after[at]);

  test.each(daemons)("runs every step anew, or those of the targets that it names, on %s", async (_, daemon) => {
    const first = await build({}, daemon);
    const kept = await build({}, daemon);
    const others = await build({ "no-cache": "other,none" }, daemon);
    const own = await build({ "no-cache": "x,aPP" }, daemon);
    const all = await build({ "no-cache": "" }, daemon);
    expect(changed(first, kept)).toEqual([false, false, false]);
    expect(changed(kept, others)).toEqual([false, false, false]);
    expect(changed(others, own)).toEqual([false, true, true]);
    expect(changed(own, all)).toEqual([true, true, true]);
  });
});

describe.concurrent("caches", () => {
  const inline = ["--export-cache", "type=inline"];
  const newName = () => `${registry}/gateway-cache:${unique()}`;
  const newFiles = () => ({ "build.lua": `bk.export(bk.image("${images.busybox}"):run("echo ${unique()} > /made"))` });
  const step = /#(\d+) (?:\/bin\/sh -c|.*RUN) echo/;
  /** How the progress ends for the one step. */
  const endOf = (stderr: string) =>
    new RegExp(`^#${step.exec(stderr)?.[1]} (CACHED|DONE)`, "m").exec(stderr)?.[1] ?? stderr;

  async function pushed(files: { readonly "build.lua": string }): Promise<string> {
    const name = newName();
    await built(frontendBuild({ files, output: [`type=image,name=${name},push=true`], args: inline }));
    return name;
  }

  test.skipIf(v021 === undefined)("inline in an image serve another daemon", async () => {
    const files = newFiles();
    const args = ["--import-cache", `type=registry,ref=${await pushed(files)}`];
    const daemon = v021?.addr ?? addr;
    expect(endOf(await built(frontendBuild({ files, addr: daemon, args })))).toBe("CACHED");
    expect(endOf(await built(frontendBuild({ files: newFiles(), addr: daemon, args })))).toBe("DONE");
  });

  test.skipIf(v012 === undefined)("are read by v0.12", async () => {
    const files = newFiles();
    const name = await pushed(files);
    const args = ["--import-cache", `type=registry,ref=${name}`];
    const stderr = await built(frontendBuild({ files, addr: v012?.addr ?? addr, args }));
    expect(stderr).toContain(`importing cache manifest from ${name}`);
  });

  test.skipIf(v021 === undefined)(
    "are named by the older option, too, and reach a Dockerfile that a script builds",
    async () => {
      const inner = `FROM ${images.busybox}\\nRUN echo ${unique()} > /made\\n`;
      const nested = {
        "build.lua": `bk.export(bk.dockerfile{context = bk.scratch():mkfile("/Dockerfile", "${inner}")})`,
      };
      for (const files of [newFiles(), nested]) {
        const opts = { "cache-from": `${registry}/nothing:here,${await pushed(files)}` };
        const stderr = await built(frontendBuild({ files, addr: v021?.addr ?? addr, opts }));
        expect(endOf(stderr)).toBe("CACHED");
      }
    },
  );
});

describe.skipIf(docker === undefined)("a Docker Engine", () => {
  test("has images of its own, unless image-resolve-mode says pull", () =>
    withDocker("docker", "buildx", async (run) => {
      const name = `${registry}/only-here:${unique()}`;
      expectSuccess(await run("pull", images.busybox));
      expectSuccess(await run("tag", images.busybox, name));
      const build = (opts: Readonly<Record<string, string>>) =>
        frontendBuild({
          files: { "build.lua": `bk.export(bk.image("${name}"):run("echo ${unique()} > /made"))` },
          opts,
          addr: `docker+${docker?.host}`,
        });
      await built(build({}));
      await built(build({ "image-resolve-mode": "local" }));
      expect(await failure(build({ "image-resolve-mode": "pull" }))).toContain(name);
      expectSuccess(await run("rmi", name));
    }));

  test("keeps a cache in the image with the build argument for it", () =>
    withDocker("docker", "buildx", (run) =>
      inDirectory(async (directory) => {
        const name = `${registry}/gateway-cache:${unique()}`;
        const script = `bk.export(bk.image("${images.busybox}"):run("echo ${unique()} > /made"))`;
        const file = join(directory, "build.lua");
        writeFiles(directory, { "build.lua": `#syntax=${await gatewayImage()}\n${script}` });
        const argument = "BUILDKIT_INLINE_CACHE=1";
        expectSuccess(await run("build", "-t", name, "-f", file, "--build-arg", argument, directory));
        expectSuccess(await run("push", name));
        expect(await fetchConfig(name)).toHaveProperty(["moby.buildkit.cache.v0"]);
        expectSuccess(await run("rmi", name));
      }),
    ));
});
