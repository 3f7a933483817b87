import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type ByteString, systemPath } from "../../../src/session/fsutil/byte-string.ts";

/** Everything about the entries below a directory that a transfer keeps, one line each, in byte order. */
export function listTree(root: string, { times = true } = {}): string[] {
  const names = new Map<bigint, ByteString>();
  const lines: string[] = [];
  const visit = (path: ByteString) => {
    for (const name of readdirSync(systemPath(`${root}/${path}`), "latin1").sort()) {
      const entry = path === "" ? name : `${path}/${name}`;
      const place = systemPath(`${root}/${entry}`);
      const stat = lstatSync(place, { bigint: true });
      const first = stat.isDirectory() ? undefined : names.get(stat.ino);
      names.set(stat.ino, first ?? entry);
      let what = "";
      if (stat.isSymbolicLink()) what = ` -> ${readlinkSync(place, "latin1")}`;
      else if (first !== undefined) what = ` = ${first}`;
      else if (stat.isFile()) what = ` ${Bun.hash(readFileSync(place)).toString(36)} ${stat.size}`;
      else if (!stat.isDirectory()) what = ` ${stat.rdev}`;
      const time = times ? ` ${stat.mtimeNs}` : "";
      lines.push(`${JSON.stringify(entry)} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid}${time}${what}`);
      if (stat.isDirectory()) visit(entry);
    }
  };
  visit("");
  return lines;
}
