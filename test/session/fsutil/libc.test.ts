import { afterAll, describe, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLibc } from "../../../src/session/fsutil/libc.ts";

const loaded = await openLibc();
const place = mkdtempSync(join(tmpdir(), "luakit-libc-"));
afterAll(() => rmSync(place, { recursive: true }));

describe.skipIf(loaded === undefined)("the C library", () => {
  const libc = loaded ?? expect.unreachable();
  const path = join(place, "file");
  writeFileSync(path, "text");

  test.each([0n, 1n, 1_700_000_000_123_456_789n, -1n, -1_000_000_000n, 4_294_967_296_000_000_001n])(
    "sets the time %p to the nanosecond, of files and of links",
    (time) => {
      expect(libc.setTime(path, time)).toBe(true);
      expect(lstatSync(path, { bigint: true }).mtimeNs).toBe(time);
      const fd = openSync(path, "r+");
      expect(libc.setFileTime(fd, time + 1n)).toBe(true);
      closeSync(fd);
      expect(lstatSync(path, { bigint: true }).mtimeNs).toBe(time + 1n);
      rmSync(join(place, "link"), { force: true });
      symlinkSync("file", join(place, "link"));
      expect(libc.setTime(join(place, "link"), time)).toBe(true);
      expect(lstatSync(join(place, "link"), { bigint: true }).mtimeNs).toBe(time);
      expect(lstatSync(path, { bigint: true }).mtimeNs).toBe(time + 1n);
    },
  );

  test("has no success where there is nothing", () => {
    expect(libc.setTime(join(place, "none"), 0n)).toBe(false);
    expect(libc.setTime(`${place}/${"n".repeat(5000)}`, 0n)).toBe(false);
    expect(libc.makeNode(join(place, "none/fifo"), 0o010644, 0, 0)).toBe(false);
    expect(libc.readXattrs(join(place, "none"))).toEqual([]);
  });

  test("makes fifos, also where the name is not UTF-8", () => {
    expect(libc.makeNode(join(place, "fifo"), 0o010600, 0, 0)).toBe(true);
    expect(lstatSync(join(place, "fifo")).isFIFO()).toBe(true);
    expect(libc.makeNode(join(place, "fifo"), 0o010600, 0, 0)).toBe(false);
    expect(libc.makeNode(`${place}/\xff`, 0o010600, 0, 0)).toBe(true);
    expect(lstatSync(Buffer.from(`${place}/\xff`, "latin1")).isFIFO()).toBe(true);
  });

  test.skipIf(process.getuid?.() !== 0)("makes devices with large numbers", () => {
    expect(libc.makeNode(join(place, "device"), 0o020600, 4095, 1_048_575)).toBe(true);
    const { rdev } = statSync(join(place, "device"));
    expect([Math.floor(rdev / 256) % 4096, (rdev % 256) + Math.floor(rdev / 2 ** 20) * 256]).toEqual([4095, 1_048_575]);
  });

  test("opens below a directory, and over no link", () => {
    mkdirSync(join(place, "root/dir"), { recursive: true });
    writeFileSync(join(place, "root/dir/file"), "inside");
    symlinkSync("dir", join(place, "root/link"));
    symlinkSync("/etc", join(place, "root/etc"));
    symlinkSync("dir/file", join(place, "root/last"));
    const root = openSync(join(place, "root"), constants.O_RDONLY);
    const fd = libc.openBeneath(root, "dir/file", constants.O_RDONLY);
    // Kernels before 5.6 do not know the call.
    if (fd !== undefined) {
      expect(readFileSync(fd, "utf8")).toBe("inside");
      closeSync(fd);
    }
    for (const bad of ["link/file", "etc/passwd", "last", "../file", "/etc/passwd", "none", ""]) {
      expect(libc.openBeneath(root, bad, constants.O_RDONLY)).toBeUndefined();
    }
    closeSync(root);
  });
});
