import { expect, test } from "bun:test";
import { file, formatTar } from "../../scripts/testbed/tar.ts";
import { isArchive } from "../../src/frontend/archive-header.ts";

const archive = new Uint8Array(formatTar([file("a", "a")]));

test("an archive is known by its first bytes, compressed or not", () => {
  expect(isArchive(archive)).toBe(true);
  expect(isArchive(Bun.gzipSync(archive))).toBe(true);
  expect(isArchive(new TextEncoder().encode("BZh91AY"))).toBe(true);
  expect(isArchive(new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0]))).toBe(true);
});

test("other files are none", () => {
  expect(isArchive(new Uint8Array())).toBe(false);
  expect(isArchive(new Uint8Array(1024))).toBe(false);
  expect(isArchive(new TextEncoder().encode("bk.export(bk.scratch())\n".repeat(50)))).toBe(false);
  expect(isArchive(archive.with(0, 0x62))).toBe(false);
  expect(isArchive(archive.slice(0, 511))).toBe(false);
});
