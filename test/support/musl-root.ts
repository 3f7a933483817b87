import { cpSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { debianPackage } from "./debian-package.ts";

const hashes = {
  x86_64: "3dbb4596a6a4e5d47121a33ff20533a81e60f302d9e67b69909a8bc21a43f0a7",
  aarch64: "0616b8f878098c5681fd8f0dc92d887551717402342a70f0abcbfea5f5ad8a44",
};

/** Makes a root directory with nothing but musl, and libstdc++ for musl, which a wheel carries. */
export async function writeMuslRoot(root: string, machine: "x86_64" | "aarch64"): Promise<void> {
  // Bookworm's musl is older than the relocations of that libstdc++.
  const musl = await debianPackage("musl", machine === "x86_64" ? "amd64" : "arm64", "trixie");
  const library = join(root, "lib");
  mkdirSync(library, { recursive: true });
  cpSync(join(musl, `usr/lib/ld-musl-${machine}.so.1`), join(library, `ld-musl-${machine}.so.1`), {
    dereference: true,
  });
  symlinkSync(`ld-musl-${machine}.so.1`, join(library, `libc.musl-${machine}.so.1`));
  const list = join(root, "requirements.txt");
  writeFileSync(list, `greenlet==3.5.6 --hash=sha256:${hashes[machine]}\n`);
  const platform = [`--platform=musllinux_1_2_${machine}`, "--python-version=3.12", "--only-binary=:all:"];
  await run(["pip", "install", "-q", "--no-deps", `--target=${join(root, "wheel")}`, ...platform, "-r", list]);
  const from = join(root, "wheel/greenlet.libs");
  for (const name of readdirSync(from)) {
    renameSync(join(from, name), join(library, name));
    if (name.startsWith("libstdc++")) symlinkSync(name, join(library, "libstdc++.so.6"));
  }
}
