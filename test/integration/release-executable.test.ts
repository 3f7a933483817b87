import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { renderSbom } from "../../scripts/sbom.ts";
import { findTarget } from "../../scripts/targets.ts";
import { run } from "../../scripts/testbed/command.ts";
import { debianPackage } from "../support/debian-package.ts";
import { madeExecutables } from "../support/made-executables.ts";
import { writeMuslRoot } from "../support/musl-root.ts";

setDefaultTimeout(300_000);

const checkout = resolve(import.meta.dir, "../..");
const made = (target: string) => join(checkout, "dist", target, "luakit");
const scripts = {
  "plain.lua": 'bk.export(bk.scratch():mkfile("/word", "hello"):mkdir("/d"))',
  "bomb.lua": '("a"):rep(30000):find((".-"):rep(8) .. "b") bk.export(bk.scratch())',
};

function call(...command: readonly string[]) {
  const { stdout, stderr, exitCode } = Bun.spawnSync([...command]);
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString(), bytes: Uint8Array.from(stdout) };
}

beforeAll(async () => {
  const linux = ["linux-amd64", "linux-arm64", "linux-amd64-musl", "linux-arm64-musl"] as const;
  await madeExecutables([...linux, "darwin-amd64", "darwin-arm64", "windows-amd64"]);
});

/** How an executable is called here, below a root directory of its own. */
const machines = {
  "linux-amd64": async () => [],
  "linux-amd64 without AVX": async () => [await emulator("x86_64"), "-cpu", "Nehalem"],
  "linux-arm64": async () => [await emulator("aarch64"), "-L", await debianPackage("libc6", "arm64")],
  "linux-amd64-musl": async (root: string) => {
    await writeMuslRoot(root, "x86_64");
    return ["chroot", root];
  },
  "linux-arm64-musl": async (root: string) => {
    await writeMuslRoot(root, "aarch64");
    return [await emulator("aarch64"), "-L", root];
  },
};

async function emulator(machine: string): Promise<string> {
  return join(await debianPackage("qemu-user-static", "amd64"), `usr/bin/qemu-${machine}-static`);
}

test.each(Object.entries(machines))("%s runs scripts, and ends those that hang", async (name, open) => {
  const root = mkdtempSync(join(tmpdir(), "luakit-root-"));
  try {
    const prefix = await open(root);
    const home = prefix[0] === "chroot" ? "" : root;
    cpSync(made(name.split(" ")[0] ?? ""), join(root, "luakit"));
    for (const [file, text] of Object.entries(scripts)) writeFileSync(join(root, file), text);
    const luakit = [...prefix, join(home, "/luakit")];
    const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
    expect(call(...luakit, "version").stdout).toBe(`luakit ${version}\n`);
    const definition = call(...luakit, "build", "--no-resolve", join(home, "/plain.lua"));
    const native = call(made("linux-amd64"), "build", "--no-resolve", join(root, "plain.lua"));
    expect(native.bytes.length, native.stderr).toBeGreaterThan(50);
    expect(definition.stderr).toBe("");
    expect(definition.exitCode).toBe(0);
    expect(Buffer.from(definition.bytes).equals(Buffer.from(native.bytes))).toBe(true);
    const bomb = call(...luakit, "build", "--timeout=1s", "--no-resolve", join(home, "/bomb.lua"));
    expect(bomb.stderr).toContain("ran for more than 1 s");
    expect(bomb.exitCode).toBe(1);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

describe("macOS", () => {
  test.each(["darwin-amd64", "darwin-arm64"])("%s has a signature that fits each page", (target) => {
    const file = readFileSync(made(target));
    let at = 32;
    while (file.readUInt32LE(at) !== 0x1d) at += file.readUInt32LE(at + 4);
    const [start, size] = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)];
    expect(start + size).toBe(file.length);
    const directory = file.subarray(start + file.readUInt32BE(start + 16));
    expect(directory.readUInt32BE(0)).toBe(0xfade0c02);
    expect(directory.readUInt32BE(32)).toBe(start);
    const [hashes, pages] = [directory.readUInt32BE(16), directory.readUInt32BE(28)];
    expect(pages).toBe(Math.ceil(start / 4096));
    const wrong = Array.from({ length: pages }, (_, page) => page).filter((page) => {
      const bytes = file.subarray(page * 4096, Math.min((page + 1) * 4096, start));
      const stored = directory.subarray(hashes + page * 32, hashes + page * 32 + 32);
      return !createHash("sha256").update(bytes).digest().equals(stored);
    });
    expect(wrong).toEqual([]);
  });
});

test("Windows gets a program for its consoles", () => {
  const file = readFileSync(`${made("windows-amd64")}.exe`);
  const header = file.readUInt32LE(0x3c);
  expect(file.toString("latin1", header, header + 4)).toBe("PE\0\0");
  expect(file.readUInt16LE(header + 4)).toBe(0x8664);
  expect(file.readUInt16LE(header + 24 + 68)).toBe(3);
});

test("a second build gives the same bytes", async () => {
  const before = createHash("sha256")
    .update(readFileSync(made("linux-arm64")))
    .digest("hex");
  await run([process.execPath, "scripts/build.ts", "linux-arm64"], { cwd: checkout });
  expect(
    createHash("sha256")
      .update(readFileSync(made("linux-arm64")))
      .digest("hex"),
  ).toBe(before);
});

test("the SBOM names what is inside, and the licences are all there", async () => {
  const sbom: { packages: { name: string; versionInfo?: string }[] } = JSON.parse(await renderSbom("1.2.3"));
  const names = sbom.packages.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["luakit", "wasmoon", "Lua", "Bun", "WebKit", "@oven/bun-linux-x64"]));
  const { stdout } = call(made("linux-amd64"), "version", "--licenses");
  for (const word of ["wasmoon 1.16.0", "Lua.org, PUC-Rio", "GNU LIBRARY GENERAL PUBLIC LICENSE", "Apache License"])
    expect(stdout).toContain(word);
});

test("targets have the names of platforms, too", () => {
  expect(findTarget("linux/arm64")).toBe("linux-arm64");
  expect(findTarget("plan9-amd64")).toBeUndefined();
});
