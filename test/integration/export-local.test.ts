import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listTree } from "../session/fsutil/listing.ts";
import { emit, inDirectory, luakit, unique } from "../support/build.ts";
import { startLuakit } from "../support/running.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { buildctlBuild, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const bed = testbed();
const daemons = [bed, bed.v012].filter((daemon) => daemon !== undefined);
const { images } = bed;

/** Every kind of entry, made by a step; the same for each build, so that both clients have one result. */
const everything = `
local busybox = bk.image("${images.busybox}")
local made = busybox:run([[
  cd /out && mkdir -p dir/sub 'sp ace' sticky ro empty
  for n in one 'sp ace/two' dir/sub/three; do echo "$n" > "$n"; done
  printf 'x' > "$(printf 'new\\nline')"; printf 'x' > "$(printf 'no\\377utf8')"; echo u > ünïcode
  dd if=/dev/zero of=large bs=1M count=9 && : > nothing && truncate -s 5M sparse
  ln one dir/link && ln one zz && ln -s one symbolic && ln -s /etc/passwd absolute && ln -s nowhere dangling && ln -s loop loop
  chmod 4755 one && chmod 1777 sticky && chmod 555 ro && chmod 0 nothing && chown 1000:1000 dir
  mkfifo fifo && mknod null c 1 3 && mknod disk b 7 200
  touch -d '2001-02-03 04:05:06' large dir
]], {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out")
bk.export(made)`;

async function exportBoth(directory: string, script: string, addr: string, flags: readonly string[] = []) {
  const { definition, stderr } = await emit(script);
  if (definition.length === 0) throw new Error(stderr);
  await solvedIn(directory, script, ["-o", "ours", ...flags], { addr });
  const output = [`type=local,dest=${join(directory, "theirs")}`];
  const { exitCode, stderr: theirs } = await buildctlBuild({ definition, output, addr });
  if (exitCode !== 0) throw new Error(theirs);
  return { ours: listTree(join(directory, "ours")), theirs: listTree(join(directory, "theirs")) };
}

describe.concurrent("a directory", () => {
  for (const { addr, version } of daemons) {
    test(`has everything that buildctl writes, on ${version}`, async () => {
      await inDirectory(async (directory) => {
        const { ours, theirs } = await exportBoth(directory, everything, addr);
        expect(ours).toEqual(theirs);
        expect(ours.length).toBeGreaterThan(20);
        expect(statSync(join(directory, "ours")).mode).toBe(statSync(join(directory, "theirs")).mode);
      });
    });
  }

  test("holds a whole system as buildctl writes it", async () => {
    await inDirectory(async (directory) => {
      const { ours, theirs } = await exportBoth(directory, `bk.export(bk.image("${images.debian}"))`, bed.addr);
      expect(ours).toEqual(theirs);
      expect(ours.length).toBeGreaterThan(1000);
    });
  });

  test("is complete again when it is written to twice", async () => {
    await inDirectory(async (directory) => {
      await solvedIn(directory, everything, ["-o", "out"]);
      const first = listTree(join(directory, "out"));
      await solvedIn(directory, everything, ["-o", "out"]);
      expect(listTree(join(directory, "out"))).toEqual(first);
    });
  });

  test("has a directory for each platform, sent at once", async () => {
    await inDirectory(async (directory) => {
      const script = `bk.export(bk.image("${images.multi}"))`;
      await solvedIn(directory, script, ["--platform", "linux/amd64,linux/arm64", "-o", "out"]);
      expect(readdirSync(join(directory, "out")).sort()).toEqual(["linux_amd64", "linux_arm64"]);
      const texts = ["amd64", "arm64"].map((name) =>
        readFileSync(join(directory, `out/linux_${name}/arch.txt`), "utf8"),
      );
      expect(texts[0]).not.toBe(texts[1]);
    });
  });

  test("mirrors all platforms with mode=delete, and nothing else is left", async () => {
    await inDirectory(async (directory) => {
      mkdirSync(join(directory, "out/linux_amd64/old"), { recursive: true });
      writeFileSync(join(directory, "out/file"), "old");
      const script = `bk.export(bk.image("${images.multi}"))`;
      const flags = ["--platform", "linux/amd64,linux/arm64", "-o", "type=local,dest=out,mode=delete"];
      await solvedIn(directory, script, flags);
      expect(readdirSync(join(directory, "out")).sort()).toEqual(["linux_amd64", "linux_arm64"]);
      expect(existsSync(join(directory, "out/linux_amd64/old"))).toBe(false);
      expect(existsSync(join(directory, "out/linux_amd64/arch.txt"))).toBe(true);
    });
  });

  test("is one of several outputs of a build", async () => {
    await inDirectory(async (directory) => {
      const outputs = ["-o", "one", "-o", "type=tar,dest=out.tar", "-o", "two", "-o", "type=oci,dest=out.oci"];
      await solvedIn(directory, everything, outputs);
      expect(listTree(join(directory, "one"))).toEqual(listTree(join(directory, "two")));
      expect(statSync(join(directory, "out.tar")).size).toBeGreaterThan(9_000_000);
      expect(existsSync(join(directory, "out.oci"))).toBe(true);
    });
  });

  test("of an empty result is an empty directory", async () => {
    await inDirectory(async (directory) => {
      await solvedIn(directory, "bk.export(bk.scratch())", ["-o", "out"]);
      expect(readdirSync(join(directory, "out"))).toEqual([]);
    });
  });
});

/** A result that is one file. */
const sized = (mebibytes: number) => `
  local out = bk.bind(bk.scratch(), "/out", {readonly = false})
  local written = bk.image("${images.busybox}"):run("dd if=/dev/zero of=/out/large bs=1M count=${mebibytes}", {mounts = {out}})
  bk.export(written:mount("/out"))`;

/** More than a build may have of memory. */
const huge = 300;

/** More than fits between the daemon and who reads. */
const large = sized(64);

describe.concurrent("a file", () => {
  test("of any size takes the same memory, as an archive and in a directory", async () => {
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "build.lua"), sized(huge));
      for (const output of ["type=tar,dest=out.tar", "out"]) {
        const flags = ["--addr", bed.addr, "--progress", "quiet", "-o", output];
        const { exitCode, memory, stderr } = await startLuakit(["build", "--solve", ...flags], { cwd: directory })
          .ended;
        expect([exitCode, stderr]).toEqual([0, ""]);
        expect(memory).toBeLessThan(250 * 1024 * 1024);
      }
      expect(statSync(join(directory, "out/large")).size).toBe(huge * 1024 * 1024);
    });
  });

  test("waits for a reader that is slow", async () => {
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "build.lua"), large);
      const slow = `${luakit} build --solve --addr ${bed.addr} --progress quiet -o - build.lua | (sleep 4; cat) | tail -c +1 | wc -c`;
      const env = { PATH: process.env.PATH ?? "", HOME: directory };
      const child = Bun.spawn(["sh", "-c", slow], { cwd: directory, env, stdout: "pipe", stderr: "pipe" });
      const [count, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
      expect(stderr).toBe("");
      expect(Number(count)).toBeGreaterThan(64 * 1024 * 1024);
      // Nothing else is on stdout: no image's id either.
      expect(Number(count) % 512).toBe(0);
    });
  });

  test("whose reader goes away is one clear error", async () => {
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "build.lua"), large);
      const cut = `(${luakit} build --solve --addr ${bed.addr} --progress quiet -o - build.lua; echo "exit $?" >&2) | head -c 1000 | wc -c`;
      const env = { PATH: process.env.PATH ?? "", HOME: directory };
      const child = Bun.spawn(["sh", "-c", cut], { cwd: directory, env, stdout: "pipe", stderr: "pipe" });
      const stderr = await new Response(child.stderr).text();
      expect(stderr).toContain("cannot write stdout: nobody reads it any more");
      expect(stderr).toContain("exit 1");
    });
  });
});

describe.concurrent("a disk that is full", () => {
  test("is one error that names the archive, and nothing is left", async () => {
    await inDirectory(async (directory) => {
      const { exitCode, stderr } = await solveIn(directory, large, ["-o", "type=tar,dest=/dev/full"]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("cannot write /dev/full: no space left on the disk");
    });
  });

  test.each([
    ["out/x.tar", "type=tar,dest=disk/x.tar"],
    ["out/large", "disk/out"],
  ])("leaves no part of %s", async (_, output) => {
    await inDirectory(async (directory) => {
      const disk = join(directory, "disk");
      mkdirSync(disk);
      await Bun.$`mount -t tmpfs -o size=20m none ${disk}`.quiet();
      try {
        const { exitCode, stderr } = await solveIn(directory, large, ["-o", output]);
        expect(exitCode).toBe(1);
        expect(stderr).toContain("no space left on the disk");
        expect(stderr).toContain(disk);
        expect(listTree(disk).filter((line) => !line.startsWith('"out" '))).toEqual([]);
      } finally {
        await Bun.$`umount ${disk}`.quiet();
      }
    });
  });
});

test("a build that fails leaves the file of an earlier one", async () => {
  await inDirectory(async (directory) => {
    writeFileSync(join(directory, "out.tar"), "old");
    const script = `bk.export(bk.image("${images.busybox}"):run("echo ${unique()}; false"))`;
    const { exitCode } = await solveIn(directory, script, ["-o", "type=tar,dest=out.tar"]);
    expect(exitCode).toBe(1);
    expect(readFileSync(join(directory, "out.tar"), "utf8")).toBe("old");
    expect(readdirSync(directory).sort()).toEqual(["build.lua", "out.tar"]);
  });
});

test("a place that cannot be written to fails before anything is built", async () => {
  await inDirectory(async (directory) => {
    const run = unique();
    const script = `bk.export(bk.image("${images.busybox}"):run("echo ${run} > /x"))`;
    const { exitCode, stderr } = await solveIn(directory, script, ["-o", "type=tar,dest=none/out.tar"]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("none");
    expect(stderr).not.toContain(run);
  });
});
