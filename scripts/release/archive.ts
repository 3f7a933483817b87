import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { directory, file, formatTar } from "../testbed/tar.ts";
import { compress } from "./gzip.ts";
import { formatZip } from "./zip.ts";

/** One target's executable and the texts that go with it. */
export interface ArchiveContents {
  readonly version: string;
  /** A build target such as `linux-amd64`. */
  readonly target: string;
  /** Path of the executable. */
  readonly executable: string;
  /** Text of luakit's own licence. */
  readonly license: string;
  /** Licence texts of what is inside the executable. */
  readonly licenses: string;
}

/** `luakit-VERSION-TARGET.tar.gz`, on Windows `.zip`. */
export function archiveName(version: string, target: string): string {
  return `luakit-${version}-${target}.${isWindows(target) ? "zip" : "tar.gz"}`;
}

/** Name of the executable in the archive's folder and in `dist/TARGET`. */
export function executableName(target: string): string {
  return isWindows(target) ? "luakit.exe" : "luakit";
}

/** Writes the archive of one target into a directory and gives its path; the same contents give the same bytes. */
export async function writeArchive(into: string, contents: ArchiveContents): Promise<string> {
  const path = join(into, archiveName(contents.version, contents.target));
  mkdirSync(into, { recursive: true });
  await writeArchiveTo(path, contents);
  return path;
}

/** As {@link writeArchive}, to a file of any name. */
export async function writeArchiveTo(path: string, contents: ArchiveContents): Promise<void> {
  const { version, target } = contents;
  const folder = `luakit-${version}-${target}`;
  const entries = [
    directory(folder),
    file(`${folder}/LICENSE`, contents.license),
    file(`${folder}/LICENSES.txt`, contents.licenses),
    file(`${folder}/${executableName(target)}`, readFileSync(contents.executable), 0o755),
  ];
  writeFileSync(path, isWindows(target) ? formatZip(entries) : compress(new Uint8Array(formatTar(entries))));
}

function isWindows(target: string): boolean {
  return target.startsWith("windows-");
}
