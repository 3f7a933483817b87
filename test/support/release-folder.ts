import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { writeArchive } from "../../scripts/release/archive.ts";
import { sha256, writeChecksums } from "../../scripts/release/checksums.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace, hashFiles } from "../../scripts/testbed/place.ts";
import { luakit } from "./build.ts";

const checkout = resolve(import.meta.dir, "../..");

const packers = ["scripts/release/archive.ts", "scripts/release/checksums.ts", "test/support/release-folder.ts"];

/** What installs luakit. */
export const installScript = join(checkout, "scripts/install.sh");

export interface ReleaseContents {
  readonly version: string;
  readonly targets: readonly string[];
  /** Path of the executable; the same for all targets. */
  readonly executable: string;
}

/** Writes what `scripts/install.sh` needs of a release into a directory, as the release script packs it. */
export async function writeReleaseFolder(directory: string, contents: ReleaseContents): Promise<void> {
  const { version, targets, executable } = contents;
  const license = readFileSync(join(checkout, "LICENSE"), "utf8");
  for (const target of targets) {
    await writeArchive(directory, { version, target, executable, license, licenses: license });
  }
  copyFileSync(installScript, join(directory, "install.sh"));
  writeChecksums(directory);
}

interface SmallRelease extends Omit<ReleaseContents, "executable"> {
  readonly says?: string;
  /** What its luakit does before it says that. */
  readonly first?: string;
}

/** A release whose luakit is a shell script that knows its version and no more. */
export async function writeSmallRelease(
  directory: string,
  { version, targets, says = `luakit ${version}`, first = "" }: SmallRelease,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const executable = join(directory, ".luakit");
  writeFileSync(executable, `#!/bin/sh\n# ${crypto.randomUUID()}\n${first}\necho '${says}'\n`);
  await writeReleaseFolder(directory, { version, targets, executable });
}

/** A directory with a release of the executable that tests run, for this machine; kept for later runs. */
export function ownRelease(): Promise<string> {
  const releases = join(findPlace().cache, "release");
  const scripts = hashFiles(checkout, [...packers, "scripts/install.sh", "LICENSE"]);
  const directory = join(releases, `${sha256(luakit).slice(0, 12)}-${scripts}`);
  mkdirSync(releases, { recursive: true });
  return locked(releases, async () => {
    if (existsSync(directory)) return directory;
    const fresh = mkdtempSync(`${directory}-`);
    const hasAvx2 = / avx2/.test(readFileSync("/proc/cpuinfo", "utf8"));
    const targets = ["linux-amd64", ...(hasAvx2 ? [] : ["linux-amd64-baseline"])];
    await writeReleaseFolder(fresh, { version: packageJson.version, targets, executable: luakit });
    renameSync(fresh, directory);
    dropOld(releases);
    return directory;
  });
}

/** Another run may still use what is young. */
function dropOld(directory: string): void {
  const hour = 3_600_000;
  for (const path of readdirSync(directory).map((name) => join(directory, name))) {
    if (Date.now() - statSync(path).mtimeMs > hour) rmSync(path, { recursive: true, force: true });
  }
}
