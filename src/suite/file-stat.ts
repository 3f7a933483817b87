import type { Stat } from "../gen/fsutil.ts";
import type { FileStat } from "./question.ts";

// Go's os.FileMode, which fsutil sends.
const modeBits = { directory: 2 ** 31, symlink: 2 ** 27, setuid: 2 ** 23, setgid: 2 ** 22, sticky: 2 ** 20 };

/** A daemon's word on a file as tests see it. Without the directory that it is in. */
export function toFileStat({ path, mode, size, uid, gid, linkname }: Stat): FileStat {
  const has = (bit: number) => Math.floor((mode >>> 0) / bit) % 2 === 1;
  const type = typeOf(mode >>> 0);
  const special = (has(modeBits.setuid) ? 4 : 0) + (has(modeBits.setgid) ? 2 : 0) + (has(modeBits.sticky) ? 1 : 0);
  const permissions = (mode & 0o777).toString(8).padStart(3, "0");
  return {
    path: path.split("/").at(-1) ?? path,
    type,
    mode: `${special}${permissions}`,
    size,
    uid,
    gid,
    target: linkname === "" ? undefined : linkname,
  };
}

const otherTypes = 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19;

function typeOf(mode: number): FileStat["type"] {
  if (mode >= modeBits.directory) return "directory";
  if ((mode & modeBits.symlink) !== 0) return "symlink";
  return (mode & otherTypes) === 0 ? "file" : "other";
}
