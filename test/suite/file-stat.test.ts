import { expect, test } from "bun:test";
import { Stat } from "../../src/gen/fsutil.ts";
import { toFileStat } from "../../src/suite/file-stat.ts";

// Bits of Go's os.FileMode.
const [directory, symlink, pipe, setuid, setgid, sticky] = [31, 27, 25, 23, 22, 20].map((bit) => 2 ** bit);

test.each([
  [0o644, "file", "0644"],
  [0o7, "file", "0007"],
  [(directory ?? 0) + 0o755, "directory", "0755"],
  [(directory ?? 0) + (sticky ?? 0) + 0o777, "directory", "1777"],
  [(symlink ?? 0) + 0o777, "symlink", "0777"],
  [(pipe ?? 0) + 0o600, "other", "0600"],
  [(setuid ?? 0) + (setgid ?? 0) + 0o755, "file", "6755"],
] as const)("the mode %p is a %s of %s", (mode, type, text) => {
  const stat = Stat.decode(Stat.encode({ path: "/out/name", mode, uid: 5, gid: 6, size: 7, linkname: "to" }));
  expect(toFileStat(stat)).toEqual({ path: "name", type, mode: text, uid: 5, gid: 6, size: 7, target: "to" });
});
