import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "../support/build.ts";
import { openSmallDisk } from "../support/small-disk.ts";
import { solveIn } from "../support/solve.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
/** 64 MiB and 300 small files; the daemon makes them once. */
const large = `bk.export(bk.image("${images.busybox}"):run([[
  dd if=/dev/zero of=/out/large bs=1M count=64
  mkdir /out/many
  for i in $(seq 300); do echo $i > /out/many/$i; done
]], {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`;
const plain = "compression=uncompressed,force-compression=true";

const outputs = [
  ["a tar archive", "-o", "type=tar,dest=DISK/x.tar", "x.tar"],
  ["files", "-o", "type=local,dest=DISK/out", "out/large"],
  ["files in a directory that is there", "-o", "type=local,dest=DISK", "large"],
  ["an OCI archive", "-o", `type=oci,dest=DISK/x.oci,${plain}`, "x.oci"],
  ["an OCI layout", "-o", `type=oci,tar=false,dest=DISK/layout,${plain}`, "layout"],
  ["a local cache", "--cache-to", `type=local,dest=DISK/cache,${plain}`, "cache"],
] as const;

describe("a disk that is full", () => {
  test.each(outputs)("ends the export of %s, and nothing is left", (_, flag, value, path) =>
    inDirectory(async (cwd) => {
      using disk = openSmallDisk(8);
      writeFileSync(join(disk.path, "mine"), "mine");
      const { exitCode, stderr } = await solveIn(cwd, large, [flag, value.replace("DISK", disk.path)]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
      expect(stderr).toContain(join(disk.path, path));
      expect(stderr).toMatch(/error: .*no space left on the disk/);
      expect(readdirSync(disk.path)).toEqual(["mine"]);
    }),
  );

  test.each(["metadata-file", "iidfile", "ref-file"])("leaves no half of --%s, and the old one", (flag) =>
    inDirectory(async (cwd) => {
      using disk = openSmallDisk(1);
      const file = join(disk.path, "file");
      if (flag !== "iidfile") writeFileSync(file, "old");
      const script = `bk.export(bk.image("${images.busybox}"))`;
      expect(() => writeFileSync(join(disk.path, "filler"), new Uint8Array(2_000_000))).toThrow();
      const { exitCode, stderr } = await solveIn(cwd, script, [`--${flag}`, file, "-o", `type=oci,dest=${cwd}/x.oci`]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
      expect(stderr).toContain(`error: cannot write "${file}": `);
      expect(readdirSync(disk.path).toSorted()).toEqual(flag === "iidfile" ? ["filler"] : ["file", "filler"]);
      if (flag !== "iidfile") expect(readFileSync(file, "utf8")).toBe("old");
    }),
  );
});

describe("a disk that is read-only", () => {
  test.each(outputs)("refuses %s", (_, flag, value) =>
    inDirectory(async (cwd) => {
      using disk = openSmallDisk(8);
      disk.makeReadOnly();
      const { exitCode, stderr } = await solveIn(cwd, large, [flag, value.replace("DISK", disk.path)]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
      expect(stderr).toMatch(new RegExp(`error: .*${disk.path}.*: the filesystem is read-only`));
      expect(stderr).not.toContain("exporting");
    }),
  );
});
