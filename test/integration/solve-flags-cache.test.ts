import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { isPushed } from "../support/registry.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { images, registry, addr, buildctl } = testbed();
const newName = () => `${registry}/cache:${unique()}`;

/**
 * A build that is different each time that it runs, in two steps; the second is on top of the first. The steps are its
 * result, so that nothing but their records can answer for them.
 */
const random = (mark: string) => `
  local function step(on, name)
    local mounts = {bk.bind(on, "/out", {readonly = false})}
    local command = "head -c 16 /dev/urandom | md5sum > /out/" .. name .. " # ${mark}"
    return bk.image("${images.busybox}"):run(command, {mounts = mounts}):mount("/out")
  end
  bk.export(step(step(bk.scratch(), "first"), "second"))
`;

/** What the build of a mark gives, with these flags. */
function outcome(directory: string, mark: string, flags: readonly string[], env: Record<string, string> = {}) {
  return solvedIn(directory, random(mark), ["-o", "out", ...flags], { env }).then(() =>
    ["first", "second"].map((name) => readFileSync(join(directory, "out", name), "utf8")).join(""),
  );
}

/** Removes the steps of a mark from the daemon's cache, and no others. */
async function forget(mark: string): Promise<void> {
  const words = [buildctl, "--addr", addr, "prune", "--filter", `description~=${mark}`];
  const child = Bun.spawn(words, { stdout: "pipe", stderr: "pipe" });
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text());
}

// One after the other: a prune takes what another build is just importing.
describe("a cache outside the daemon", () => {
  test("is what makes the difference after a prune", async () => {
    await inDirectory(async (directory) => {
      const mark = unique();
      const first = await outcome(directory, mark, []);
      expect(await outcome(directory, mark, [])).toBe(first);
      await forget(mark);
      expect(await outcome(directory, mark, [])).not.toBe(first);
    });
  });

  test.each([
    (name: string) => [`type=registry,ref=${name},mode=max`, `type=registry,ref=${name}`],
    (name: string) => [`type=registry,ref=${name},mode=max,image-manifest=false,oci-mediatypes=false`, name],
  ])("in a registry is used after a prune: %#", async (values) => {
    await inDirectory(async (directory) => {
      const mark = unique();
      const [to = "", from = ""] = values(newName());
      const first = await outcome(directory, mark, ["--cache-to", to]);
      await forget(mark);
      expect(await outcome(directory, mark, ["--cache-from", from])).toBe(first);
    });
  });

  test("has the other names of its flags", async () => {
    await inDirectory(async (directory) => {
      const [mark, name] = [unique(), newName()];
      const first = await outcome(directory, mark, ["--export-cache", `type=registry,ref=${name},mode=max`]);
      await forget(mark);
      expect(await outcome(directory, mark, ["--import-cache", name])).toBe(first);
    });
  });

  test("has the media types that were asked for", async () => {
    await inDirectory(async (directory) => {
      const [oci, docker] = [newName(), newName()];
      await outcome(directory, unique(), ["--cache-to", oci]);
      await outcome(directory, unique(), ["--cache-to", `type=registry,ref=${docker},oci-mediatypes=false`]);
      expect((await fetchManifest(oci)).mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
      expect((await fetchManifest(docker)).mediaType).toBe("application/vnd.docker.distribution.manifest.list.v2+json");
    });
  });

  test("in an image is used after a prune", async () => {
    await inDirectory(async (directory) => {
      const [mark, name] = [unique(), newName()];
      const push = ["-t", name, "--push"];
      const text = random(mark);
      await solvedIn(directory, text, [...push, "--cache-to", "type=inline"]);
      const before = await fetchManifest(name);
      await forget(mark);
      await solvedIn(directory, text, [...push, "--cache-from", name]);
      const layers = async () => (await fetchManifest(name)).layers?.map(({ digest }) => digest);
      expect(await layers()).toEqual(before.layers?.map(({ digest }) => digest) ?? []);
      await forget(mark);
      await solvedIn(directory, text, push);
      expect(await layers()).not.toEqual(before.layers?.map(({ digest }) => digest) ?? []);
    });
  });

  test.each([
    (directory: string) => `type=local,src=${directory}/cache,tag=mine`,
    (_: string, digest: string) => `type=local,src=./cache,digest=${digest}`,
  ])("in a directory is used after a prune, by its tag and by its digest: %#", async (from) => {
    await inDirectory(async (directory) => {
      const mark = unique();
      const first = await outcome(directory, mark, ["--cache-to", "type=local,dest=cache,mode=max,tag=mine"]);
      const [entry] = JSON.parse(readFileSync(join(directory, "cache/index.json"), "utf8")).manifests;
      expect(entry.annotations["org.opencontainers.image.ref.name"]).toBe("mine");
      await forget(mark);
      expect(await outcome(directory, mark, ["--cache-from", from(directory, entry.digest)])).toBe(first);
    });
  });

  test("in a directory that is read and written in one build", async () => {
    await inDirectory(async (directory) => {
      const mark = unique();
      const both = ["--cache-from", "type=local,src=c", "--cache-to", "type=local,dest=c,mode=max"];
      const first = await outcome(directory, mark, both);
      await forget(mark);
      expect(await outcome(directory, mark, both)).toBe(first);
    });
  });

  test("that is not there is left out with a word", async () => {
    await inDirectory(async (directory) => {
      const flags = ["-o", "type=cacheonly", "--cache-from", "type=local,src=none", "--cache-from", "type=gha"];
      const { stderr } = await solvedIn(directory, random(unique()), flags);
      expect(stderr).toContain('warning: --cache-from: the cache in "');
      expect(stderr).toContain("warning: --cache-from: the cache of type=gha is left out");
    });
  });

  test("that cannot be written fails the build, unless its errors are ignored", async () => {
    await inDirectory(async (directory) => {
      const to = "type=registry,ref=127.0.0.1:1/none:1";
      const failed = await solveIn(directory, random(unique()), ["-o", "type=cacheonly", "--cache-to", to]);
      expect(failed.exitCode).toBe(1);
      await solvedIn(directory, random(unique()), ["-o", "type=cacheonly", "--cache-to", `${to},ignore-error=true`]);
    });
  });

  test("is not left behind by a build that fails", async () => {
    await inDirectory(async (directory) => {
      const name = newName();
      const failing = `bk.export(bk.image("${images.busybox}"):run("false # ${unique()}"))`;
      const flags = ["--cache-to", "type=local,dest=cache", "--cache-to", `type=registry,ref=${name}`];
      expect((await solveIn(directory, failing, flags)).exitCode).toBe(1);
      expect(existsSync(join(directory, "cache/index.json"))).toBe(false);
      expect(await isPushed(name)).toBe(false);
    });
  });
});

describe.concurrent("--no-cache", () => {
  test.each([["--no-cache"], ["--opt", "no-cache="]])("runs every step anew: %s %s", async (...flags) => {
    await inDirectory(async (directory) => {
      const mark = unique();
      const first = await outcome(directory, mark, []);
      const [one, two] = (await outcome(directory, mark, flags.map(String))).split("\n");
      expect(first).not.toContain(one ?? "");
      expect(first).not.toContain(two ?? "");
    });
  });
});
