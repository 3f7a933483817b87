import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { emit, inDirectory, unique } from "../support/build.ts";
import { solve, solved } from "../support/session-build.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { images, addr, buildctl } = testbed();

/** Says `ran` only when the step is not taken from a cache. */
const script = (id: string) =>
  `bk.export(bk.image("${images.busybox}"):run([===[echo ran ${id}; head -c 100000 /dev/urandom > /data]===]))`;
const ran = (id: string) => new RegExp(`^#\\d+ \\S+ ran ${id}$`, "m");
const blobsOf = (layout: string) => readdirSync(`${layout}/blobs/sha256`).sort();
const readIndex = (layout: string) => JSON.parse(readFileSync(`${layout}/index.json`, "utf8"));

describe("a local cache", () => {
  test("is written as a layout with a tag, and nothing else stays", async () => {
    await inDirectory(async (place) => {
      const cache = `${place}/deep/cache`;
      const { stderr } = await solved(script(unique()), [`--cache-to=type=local,dest=${cache},mode=max`]);
      expect(stderr).toContain("exporting cache");
      expect(readdirSync(cache).sort()).toEqual(["blobs", "index.json", "oci-layout"]);
      const [entry, ...others] = readIndex(cache).manifests;
      expect(entry.annotations).toEqual({ "org.opencontainers.image.ref.name": "latest" });
      expect(others).toEqual([]);
      expect(blobsOf(cache)).toContain(entry.digest.slice("sha256:".length));
    });
  });

  test("has the tag that it is given, and is found by it", async () => {
    await inDirectory(async (cache) => {
      const id = unique();
      await solved(script(id), [`--cache-to=type=local,dest=${cache},mode=max,tag=mine`]);
      const other = await solved(script(id), [`--cache-from=type=local,src=${cache}`]);
      expect(other.stderr).toContain('nothing tagged "latest"');
      const { stderr } = await solved(script(id), [`--cache-from=type=local,src=${cache},tag=mine`]);
      expect(stderr).toContain("importing cache manifest from local");
    });
  });

  test("grows by what is new, and with reset=true loses what is old", async () => {
    await inDirectory(async (cache) => {
      const flag = `--cache-to=type=local,dest=${cache},mode=max`;
      await solved(script(unique()), [flag]);
      const before = blobsOf(cache);
      await solved(script(unique()), [flag]);
      expect(blobsOf(cache)).toEqual(expect.arrayContaining(before));
      expect(blobsOf(cache).length).toBeGreaterThan(before.length);
      await solved(script(unique()), [`${flag},reset=true`]);
      expect(blobsOf(cache)).toHaveLength(before.length);
      expect(readIndex(cache).manifests).toHaveLength(1);
    });
  });

  test("that is not there is left out with a warning", async () => {
    await inDirectory(async (place) => {
      const { stderr } = await solved(script(unique()), [`--cache-from=type=local,src=${place}/none`]);
      expect(stderr).toContain(`"${place}/none" is left out`);
      expect(readdirSync(place)).toEqual([]);
    });
  });

  test("that cannot be written fails the build and names the place", async () => {
    await inDirectory(async (place) => {
      writeFileSync(`${place}/file`, "");
      const { exitCode, stderr } = await solve(script(unique()), [`--cache-to=type=local,dest=${place}/file`]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${place}/file`);
    });
  });
});

test("a disk that is full fails the build, says so and keeps nothing half written", async () => {
  await inDirectory(async (place) => {
    const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]);
    expect(mounted.stderr.toString()).toBe("");
    try {
      for (const flag of [`--cache-to=type=local,dest=${place}/a,mode=max`, `-o=type=oci,tar=false,dest=${place}/b`]) {
        const { exitCode, stderr } = await solve(script(unique()), [flag]);
        expect(exitCode).toBe(1);
        expect(stderr).toContain("no space left on the disk");
        expect(readdirSync(place)).toEqual([]);
      }
    } finally {
      Bun.spawnSync(["umount", "-l", place]);
    }
  });
});

describe("a local cache, when the daemon has forgotten a step", () => {
  test("spares it", async () => {
    await inDirectory(async (cache) => {
      const id = unique();
      const flags = [`--cache-from=type=local,src=${cache}`];
      expect((await solved(script(id), [`--cache-to=type=local,dest=${cache},mode=max`])).stderr).toMatch(ran(id));
      forget(id);
      expect((await solved(script(id), [])).stderr).toMatch(ran(id));
      forget(id);
      expect((await solved(script(id), flags)).stderr).not.toMatch(ran(id));
    });
  });

  test("of ours is one of buildctl's, and the other way round", async () => {
    await inDirectory(async (place) => {
      const [ours, theirs] = [unique(), unique()];
      await solved(script(ours), [`--cache-to=type=local,dest=${place}/ours,mode=max`]);
      forget(ours);
      expect(await runBuildctl(ours, `--import-cache=type=local,src=${place}/ours`)).not.toMatch(ran(ours));
      await runBuildctl(theirs, `--export-cache=type=local,dest=${place}/theirs,mode=max`);
      forget(theirs);
      const { stderr } = await solved(script(theirs), [`--cache-from=type=local,src=${place}/theirs`]);
      expect(stderr).not.toMatch(ran(theirs));
    });
  });

  /** Removes what the daemon keeps of one step; nothing else, as others build on it too. */
  function forget(id: string): void {
    const { exitCode, stdout } = Bun.spawnSync([
      buildctl,
      "--addr",
      addr,
      "prune",
      "--all",
      "--filter",
      `description~=${id}`,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout.toString()).not.toContain("Total:	0B");
  }

  async function runBuildctl(id: string, flag: string): Promise<string> {
    const { definition } = await emit(script(id));
    const argv = [buildctl, "--addr", addr, "build", "--progress=plain", flag];
    const child = Bun.spawnSync(argv, { stdin: definition });
    expect(child.exitCode).toBe(0);
    return child.stderr.toString();
  }
});

describe("an OCI layout", () => {
  const { dir, digest } = testbed().ociLayout;
  const onLayout = (id: string, base = digest) =>
    `bk.export(bk.oci_layout("mine@${base}"):run([===[echo ran ${id}]===]))`;

  test("is a base image, and is read only", async () => {
    const before = readdirSync(dir).sort();
    const id = unique();
    expect((await solved(onLayout(id), [`--oci-layout=mine=${dir}`])).stderr).toMatch(ran(id));
    expect(readdirSync(dir).sort()).toEqual(before);
  });

  test("without the image's blob says which one", async () => {
    const missing = `sha256:${"0".repeat(63)}1`;
    const { exitCode, stderr } = await solve(onLayout(unique(), missing), [`--oci-layout=mine=${dir}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(missing);
  });

  test("is written with names and no more than it needs, and is a base image then", async () => {
    await inDirectory(async (place) => {
      const layout = `${place}/out/layout`;
      await solved(script(unique()), ["-o", `type=oci,tar=false,dest=${layout},name=docker.io/library/one:1`]);
      expect(readdirSync(layout).sort()).toEqual(["blobs", "index.json", "oci-layout"]);
      const [entry] = readIndex(layout).manifests;
      expect(entry.annotations).toMatchObject({
        "io.containerd.image.name": "docker.io/library/one:1",
        "org.opencontainers.image.ref.name": "1",
      });
      const blob = (name: string) => name.slice("sha256:".length);
      const manifest = JSON.parse(readFileSync(`${layout}/blobs/sha256/${blob(entry.digest)}`, "utf8"));
      const parts = [entry, manifest.config, ...manifest.layers].map((each) => blob(each.digest));
      expect(blobsOf(layout)).toEqual([...new Set(parts)].sort());
      const id = unique();
      const { stderr } = await solved(onLayout(id, entry.digest), [`--oci-layout=mine=${layout}`]);
      expect(stderr).toMatch(ran(id));
    });
  });

  test("of a build that fails is not there", async () => {
    await inDirectory(async (place) => {
      const failing = `bk.export(bk.image("${images.busybox}"):run("exit 7 # ${unique()}"))`;
      const { exitCode } = await solve(failing, ["-o", `type=oci,tar=false,dest=${place}/out/layout`]);
      expect(exitCode).toBe(1);
      expect(existsSync(`${place}/out`)).toBe(false);
    });
  });
});
