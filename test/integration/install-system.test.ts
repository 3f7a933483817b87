import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targets } from "../../scripts/targets.ts";
import { type CommandResult, capture } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { inDirectory } from "../support/build.ts";
import { type InstallOptions, makeInstallPlace, runInstall } from "../support/install-run.ts";
import { writeSmallRelease } from "../support/release-folder.ts";
import { openReleaseServer, type ReleaseServer } from "../support/release-server.ts";
import { makeTinyRoot, type TinySystem } from "../support/tiny-root.ts";

setDefaultTimeout(60_000);

let folder = "";
let server: ReleaseServer;

beforeAll(async () => {
  await installPrograms({ dash: "dash", busybox: "busybox-static", setarch: "util-linux", curl: "curl" });
  folder = mkdtempSync(join(tmpdir(), "luakit-install-"));
  await writeSmallRelease(folder, { version: "0.1.0", targets: targets.filter((each) => !each.startsWith("windows")) });
  server = openReleaseServer({ releases: { "0.1.0": folder }, latest: "0.1.0" });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const avx2 = "avx avx2";
const elder = "avx sse4_2";
const musl = { libc: "musl", ldd: true } as const;
const arm = { "fake/uname": '#!/bin/sh\n[ "$1" = -m ] && echo aarch64 || exec busybox uname "$@"\n' };
const loaders = {
  gnu: "lib64/ld-linux-x86-64.so.2",
  gnuArm: "lib/ld-linux-aarch64.so.1",
  muslArm: "lib/ld-musl-aarch64.so.1",
};

const systems: Readonly<Record<string, readonly [TinySystem, string]>> = {
  "glibc, a new processor": [{ libc: "glibc", flags: avx2 }, "linux-amd64"],
  "glibc, an old processor": [{ libc: "glibc", flags: elder }, "linux-amd64-baseline"],
  "glibc, an unknown processor": [{ libc: "glibc" }, "linux-amd64-baseline"],
  "musl, a new processor": [{ ...musl, flags: avx2 }, "linux-amd64-musl"],
  "musl, an old processor": [{ ...musl, flags: elder }, "linux-amd64-musl-baseline"],
  "musl without ldd": [{ libc: "musl", flags: avx2 }, "linux-amd64-musl"],
  "musl that runs programs for glibc, too": [
    { ...musl, flags: avx2, files: { [loaders.gnu]: "" } },
    "linux-amd64-musl",
  ],
  "glibc on ARM": [{ libc: "glibc", files: { ...arm, [loaders.gnuArm]: "" } }, "linux-arm64"],
  "musl on ARM": [{ libc: "glibc", files: { ...arm, [loaders.muslArm]: "" } }, "linux-arm64-musl"],
};

async function installIn(system: TinySystem, url = server.url): Promise<CommandResult & { readonly asked: string }> {
  return inDirectory(async (root) => {
    await makeTinyRoot(root, system);
    // In the root is nothing of this machine's environment.
    const env = ["env", "-i", "PATH=/fake:/bin", `LUAKIT_RELEASES=${url}`];
    const result = await capture(["chroot", root, "/bin/busybox", ...env, "sh", "/install.sh", "--to", "/opt/bin"]);
    const asked = await capture([
      "chroot",
      root,
      "/bin/busybox",
      "sh",
      "-c",
      "/opt/bin/luakit version; ls -A /opt/bin",
    ]);
    return { ...result, asked: asked.stdout };
  });
}

describe.concurrent("install.sh chooses", () => {
  for (const [name, [system, target]] of Object.entries(systems)) {
    test(`for ${name}`, async () => {
      const { stdout, stderr, exitCode, asked } = await installIn(system);
      expect({ stderr, exitCode, asked }).toEqual({ stderr: "", exitCode: 0, asked: "luakit 0.1.0\nluakit\n" });
      expect(stdout).toStartWith(`luakit 0.1.0 for ${target}\n`);
      expect(server.requests).toContain(`/assets/0.1.0/luakit-0.1.0-${target}.tar.gz`);
    });
  }

  test("nothing where there is no C library", async () => {
    const { stderr, exitCode } = await installIn({ libc: "none", flags: avx2 });
    expect({ stderr, exitCode }).toEqual({
      stderr:
        "luakit: this system has neither glibc nor musl where programs look for them: with Nix, take luakit's flake\n",
      exitCode: 1,
    });
  });

  test("nothing where /proc is not mounted, without which an executable of Bun does not run", () =>
    inDirectory(async (directory) => {
      const first = '[ -e /proc/self ] || { echo "error: An internal error" >&2; exit 134; }';
      await writeSmallRelease(directory, { version: "0.1.0", targets: ["linux-amd64-baseline"], first });
      await using other = openReleaseServer({ releases: { "0.1.0": directory }, latest: "0.1.0" });
      const { stderr, exitCode, asked } = await installIn({ libc: "glibc" }, other.url);
      expect({ stderr, exitCode, asked }).toEqual({
        stderr:
          "luakit: luakit needs /proc, which is not mounted here, nothing was installed: mount -t proc proc /proc\n",
        exitCode: 1,
        asked: "",
      });
    }));

  test("nothing where the processor is too old", async () => {
    const { stderr, exitCode } = await installIn({ libc: "glibc", flags: "ssse3" });
    expect({ stderr, exitCode }).toEqual({
      stderr: "luakit: this processor is too old: luakit needs SSE4.2\n",
      exitCode: 1,
    });
  });

  test("nothing where the processor has 32 bits", async () => {
    const by = [needProgram("setarch"), "i686"];
    expect(await refusal({}, { by })).toBe("there is no luakit for Linux on i686");
  });
});

/** Runs `install.sh` where some programs say something else than here; gives why it refuses. */
async function refusal(fakes: Readonly<Record<string, string>>, options: InstallOptions = {}): Promise<string> {
  const { stdout, stderr, exitCode } = await runFaked(fakes, options);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  return /^luakit: ([^\n]*)\n$/.exec(stderr)?.[1] ?? stderr;
}

function runFaked(fakes: Readonly<Record<string, string>>, options: InstallOptions): Promise<CommandResult> {
  return inDirectory((directory) => {
    const place = makeInstallPlace(directory, ["curl", "sha256sum"], fakes);
    const env = { LUAKIT_RELEASES: server.url, ...options.env };
    return runInstall(place, { args: ["--to", "tools"], ...options, env });
  });
}

function uname(system: string, machine: string): string {
  return `case $1 in -s) echo '${system}' ;; -m) echo '${machine}' ;; esac`;
}

/** Systems that cannot be had here: what their programs print is made up. */
describe.concurrent("where programs say that this is another system, install.sh", () => {
  test.each([
    ["arm64", "0", "darwin-arm64"],
    ["x86_64", "0", "darwin-amd64"],
    ["x86_64", "1", "darwin-arm64"],
  ])("chooses for macOS on %s, translated: %s", async (machine, translated, target) => {
    const fakes = {
      uname: uname("Darwin", machine),
      sysctl: `[ "$*" = "-n sysctl.proc_translated" ] && echo ${translated}`,
      sw_vers: "echo 14.6.1",
    };
    const { stdout, exitCode } = await runFaked(fakes, {});
    expect(exitCode).toBe(0);
    expect(stdout).toStartWith(`luakit 0.1.0 for ${target}\n`);
  });

  test("refuses an old macOS", async () => {
    const fakes = { uname: uname("Darwin", "arm64"), sysctl: "exit 1", sw_vers: "echo 12.7.6" };
    expect(await refusal(fakes)).toBe("this is macOS 12.7.6: luakit needs 13 or newer");
  });

  test("says what to download for Windows", async () => {
    const fakes = { uname: uname("MINGW64_NT-10.0-22631", "x86_64") };
    expect(await refusal(fakes)).toBe(
      `on Windows, download luakit-VERSION-windows-amd64.zip from ${server.url} and put its luakit.exe on your PATH`,
    );
    expect(await refusal(fakes, { env: { LUAKIT_VERSION: "v0.1.0" } })).toBe(
      `on Windows, download luakit-0.1.0-windows-amd64.zip from ${server.url}/tag/v0.1.0 and put its luakit.exe on your PATH`,
    );
  });

  test.each([["2.12"], ["2.5"], ["2.16"]])("refuses glibc %s", async (version) => {
    const getconf = `case $1 in LONG_BIT) echo 64 ;; GNU_LIBC_VERSION) echo glibc ${version} ;; esac`;
    expect(await refusal({ getconf })).toBe(`this system has glibc ${version}: luakit needs 2.17 or newer`);
  });

  test("refuses a system of 32 bits under a kernel of 64", async () => {
    expect(await refusal({ getconf: "echo 32" })).toBe("there is no luakit for systems of 32 bits");
  });

  test.each([
    ["FreeBSD", "amd64", "there is no luakit for FreeBSD"],
    ["Linux", "riscv64", "there is no luakit for Linux on riscv64"],
    ["Darwin", "Power Macintosh", "there is no luakit for macOS on Power Macintosh"],
  ])("refuses %s on %s", async (system, machine, said) => {
    expect(await refusal({ uname: uname(system, machine), sysctl: "exit 1" })).toBe(said);
  });
});
