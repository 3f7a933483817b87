import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { debianPackage } from "./debian-package.ts";

/** Runs an executable for an architecture and gives its trimmed output; `root` has the libraries of the other one. */
export async function runFor(architecture: "amd64" | "arm64", argv: readonly string[], root?: string): Promise<string> {
  if (architecture === "amd64") return run(argv);
  const emulator = join(await debianPackage("qemu-user-static", "amd64"), "usr/bin/qemu-aarch64-static");
  return run([emulator, "-L", root ?? (await debianPackage("libc6", "arm64")), ...argv]);
}
