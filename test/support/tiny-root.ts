import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { needProgram } from "../../scripts/testbed/debian.ts";
import { debianPackage } from "./debian-package.ts";
import { readElf } from "./elf.ts";
import { installScript } from "./release-folder.ts";

export interface TinySystem {
  /** glibc comes with dash as its shell; with musl, or without either, that is busybox's. */
  readonly libc: "glibc" | "musl" | "none";
  /** The C library's own `ldd`. */
  readonly ldd?: boolean;
  /** Flags of the processor; without them there is no `/proc`. */
  readonly flags?: string;
  /** Further files, such as loaders; programs go to `/fake`, which is first on PATH. */
  readonly files?: Readonly<Record<string, string>>;
}

const gnuLoader = "/lib64/ld-linux-x86-64.so.2";
const muslLoader = "/lib/ld-musl-x86_64.so.1";

/** Makes the root of a system of busybox and a C library, with the install script in it. */
export async function makeTinyRoot(root: string, system: TinySystem): Promise<void> {
  for (const each of ["bin", "dev", "proc", "fake", "lib64", "lib"]) mkdirSync(join(root, each), { recursive: true });
  copyFileSync(needProgram("busybox"), join(root, "bin/busybox"));
  await run(["mknod", "-m", "666", join(root, "dev/null"), "c", "1", "3"]);
  await run(["chroot", root, "/bin/busybox", "--install", "-s", "/bin"]);
  if (system.libc === "glibc") copyDash(root);
  if (system.libc === "musl") cpSync(join(await debianPackage("musl", "amd64"), "lib"), join(root, "lib"), copying);
  if (system.ldd === true && system.libc === "musl") symlinkSync(muslLoader, join(root, "fake/ldd"));
  if (system.flags !== undefined) writeFileSync(join(root, "proc/cpuinfo"), `flags\t\t: fpu ${system.flags} sse2\n`);
  for (const [path, text] of Object.entries(system.files ?? {})) {
    writeFileSync(join(root, path), text, { mode: 0o755 });
  }
  copyFileSync(installScript, join(root, "install.sh"));
}

const copying = { recursive: true, verbatimSymlinks: true, force: true } as const;

/** The shell of a system with glibc needs it. */
function copyDash(root: string): void {
  const dash = needProgram("dash");
  const libraries = "/lib/x86_64-linux-gnu";
  mkdirSync(join(root, libraries));
  copyFileSync(gnuLoader, join(root, gnuLoader));
  for (const name of readElf(new Uint8Array(readFileSync(dash))).needed) {
    copyFileSync(join(libraries, name), join(root, libraries, name));
  }
  rmSync(join(root, "bin/sh"));
  copyFileSync(dash, join(root, "bin/sh"));
}
