import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { inDirectory } from "../support/build.ts";
import {
  type InstallOptions,
  type InstallPlace,
  listHome,
  makeInstallPlace,
  runInstall,
} from "../support/install-run.ts";
import { installScript, writeSmallRelease } from "../support/release-folder.ts";
import { openReleaseServer, type ReleaseServer } from "../support/release-server.ts";

setDefaultTimeout(60_000);

const targets = ["linux-amd64", "linux-amd64-baseline"];
const shells = {
  dash: ["dash"],
  "busybox's ash": ["busybox", "ash"],
  bash: ["bash", "--posix"],
  "zsh as sh": ["zsh", "--emulate", "sh"],
};

let folder = "";
let server: ReleaseServer;

beforeAll(async () => {
  await installPrograms({
    ...{ dash: "dash", busybox: "busybox-static", bash: "bash", zsh: "zsh", setpriv: "util-linux" },
    ...{ curl: "curl", wget: "wget", shellcheck: "shellcheck" },
  });
  folder = mkdtempSync(join(tmpdir(), "luakit-install-"));
  const releases = { "0.1.0": join(folder, "new"), "0.0.9": join(folder, "old") };
  for (const [version, directory] of Object.entries(releases)) await writeSmallRelease(directory, { version, targets });
  server = openReleaseServer({ releases, latest: "0.1.0" });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `install.sh` on the server's releases and expects that it succeeds; gives what it printed. */
async function install(place: InstallPlace, options: InstallOptions = {}): Promise<string> {
  const { stdout, stderr, exitCode } = await runInstall(place, {
    ...options,
    env: { LUAKIT_RELEASES: server.url, ...options.env },
  });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return stdout;
}

async function ask(file: string): Promise<string> {
  return (await capture([file, "version"])).stdout;
}

function inPlace<T>(programs: readonly string[], work: (place: InstallPlace) => Promise<T>): Promise<T> {
  return inDirectory((directory) => work(makeInstallPlace(directory, programs)));
}

const usual = ["curl", "sha256sum"];
const here = ["--to", "tools"];
const at = ({ home }: InstallPlace) => join(home, "tools/luakit");

test("shellcheck has nothing to say", async () => {
  const { stdout, exitCode } = await capture([needProgram("shellcheck"), installScript]);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
});

describe.concurrent("install.sh", () => {
  for (const [name, [program = "", ...flags]] of Object.entries(shells)) {
    for (const fetcher of ["curl", "wget"]) {
      test(`with ${name} and ${fetcher} installs, again, another version, and removes it`, () =>
        inPlace([fetcher, "sha256sum"], async (place) => {
          const shell = [needProgram(program), ...flags];
          const run = (...args: string[]) => install(place, { shell, args: [...here, ...args] });
          expect(await run("--version", "0.0.9")).toContain(`installed   ~/tools/luakit\n`);
          expect(await ask(at(place))).toBe("luakit 0.0.9\n");
          expect(await run()).toContain("installed   ~/tools/luakit, which was luakit 0.0.9\n");
          expect(await ask(at(place))).toBe("luakit 0.1.0\n");
          const { ino, mode } = lstatSync(at(place));
          expect(mode & 0o7777).toBe(0o755);
          expect(await run()).toContain("luakit 0.1.0 is already there  ~/tools/luakit\n");
          expect(lstatSync(at(place)).ino).toBe(ino);
          expect(listHome(place)).toEqual(["tools", "tools/luakit"]);
          expect(await run("--uninstall")).toContain("removed     ~/tools/luakit\n");
          expect(listHome(place)).toEqual(["tools"]);
          expect(await run("--uninstall")).toBe("there is no luakit in ~/tools\n");
        }));
    }
  }

  test.each([["sha256sum"], ["shasum"], ["openssl"]])("verifies with %s", (summer) =>
    inPlace(["curl", summer], async (place) => {
      const { sum } = readSum("luakit-0.1.0-linux-amd64");
      expect(await install(place, { args: here })).toMatch(new RegExp(`verified +sha256 (${sum})\n`));
      expect(await ask(at(place))).toBe("luakit 0.1.0\n");
    }),
  );

  test("takes version and directory from variables, and asks nobody when that version is there", async () => {
    const releases = { "0.0.9": join(folder, "old") };
    await using quiet = openReleaseServer({ releases, latest: "0.0.9" });
    const env = { LUAKIT_RELEASES: `${quiet.url}/`, LUAKIT_VERSION: "v0.0.9" };
    await inPlace(usual, async (place) => {
      const given = { env: { ...env, LUAKIT_INSTALL_DIR: `${place.home}/tools/` } };
      await install(place, given);
      expect(await ask(at(place))).toBe("luakit 0.0.9\n");
      const asked = quiet.requests.length;
      expect(asked).toBeGreaterThan(0);
      expect(await install(place, given)).toContain("luakit 0.0.9 is already there");
      expect(quiet.requests.length).toBe(asked);
    });
  });

  test("installs into ~/.local/bin for who is not root, and says how to find it there", () =>
    inPlace(usual, async (place) => {
      await capture(["chmod", "-R", "a+rX", join(place.home, "..")]);
      await capture(["chown", "65534:65534", place.home]);
      const by = [needProgram("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"];
      const printed = await install(place, { by, env: { SHELL: "/bin/zsh" } });
      const file = join(place.home, ".local/bin/luakit");
      expect(await ask(file)).toBe("luakit 0.1.0\n");
      expect(lstatSync(file).uid).toBe(65534);
      expect(printed).toContain("! ~/.local/bin is not on your PATH.");
      const lines = printed.split("\n").map((line) => line.trim());
      const [here = "", later = ""] = lines.slice(lines.findIndex((line) => line.startsWith("export ")));
      // What it says to type does what it says.
      for (const line of [here, `${later} && . ~/.zshrc`]) {
        const found = await capture(["sh", "-c", `${line}; command -v luakit`], { env: { HOME: place.home } });
        expect(found.stdout.trim()).toBe(file);
      }
    }));

  test("installs for everybody, whatever root's umask is", () =>
    inPlace(usual, async (place) => {
      await install(place, { by: ["/bin/sh", "-c", 'umask 077; exec "$@"', "sh"], args: here });
      expect(lstatSync(join(place.home, "tools")).mode & 0o7777).toBe(0o755);
      expect(lstatSync(at(place)).mode & 0o7777).toBe(0o755);
    }));

  test("installs into /usr/local/bin for root", () =>
    inPlace(usual, async (place) => {
      const shut = join(place.home, "usr-local-bin");
      mkdirSync(shut);
      const script = `${needProgram("mount")} --bind "$1" /usr/local/bin && shift && exec "$@"`;
      const by = [needProgram("unshare"), "--mount", "/bin/sh", "-c", script, "sh", shut];
      const printed = await install(place, { by: [...by, needProgram("env"), `PATH=/usr/local/bin:${place.bin}`] });
      expect(printed).toContain("installed   /usr/local/bin/luakit\n");
      expect(printed).not.toContain("PATH");
      expect(await ask(join(shut, "luakit"))).toBe("luakit 0.1.0\n");
    }));

  test.each([
    ["../home//./tools/", "HOME/tools/"],
    ["tools", "/nowhere:HOME/./tools//"],
    ["HOME/x/../tools", "HOME/tools"],
  ])("knows that %s is on the PATH %s", (to, entry) =>
    inPlace(usual, async (place) => {
      const inHome = (text: string) => text.replaceAll("HOME", place.home);
      const env = { PATH: `${place.bin}:${inHome(entry)}` };
      const printed = await install(place, { args: ["--to", inHome(to)], env });
      expect(printed).toContain("installed   ~/tools/luakit\n");
      expect(printed).not.toContain("PATH");
      expect(listHome(place)).toEqual(["tools", "tools/luakit"]);
    }),
  );

  test("recommends a directory as people write it", () =>
    inPlace(usual, async (place) => {
      const printed = await install(place, { args: ["--to", "../up/./here"] });
      expect(printed).toContain(`export PATH="${join(place.home, "../up/here")}:$PATH"`);
    }));

  test("works where the directory that one is in has gone", () =>
    inPlace(usual, async (place) => {
      // As luakit, it does not run in a directory that is not there.
      const release = { version: "0.1.0", targets, first: '[ -d "$(/bin/pwd -P)" ] || exit 1' };
      await writeSmallRelease(join(place.home, "../release"), release);
      await using other = openReleaseServer({
        releases: { "0.1.0": join(place.home, "../release") },
        latest: "0.1.0",
      });
      const by = ["/bin/sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "sh"];
      for (const shell of Object.values(shells).map(([program = "", ...flags]) => [needProgram(program), ...flags])) {
        const env = { LUAKIT_RELEASES: other.url, PATH: `/bin:${place.bin}` };
        const { exitCode, stdout } = await runInstall(place, { shell, by, env, args: ["--to", `${place.home}/tools`] });
        expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("~/tools/luakit") });
        rmSync(at(place));
        const relative = await runInstall(place, { shell, by, env, args: here });
        expect(relative.exitCode).toBe(1);
        expect(relative.stderr).toEndWith("luakit: this directory is gone: say where to install with --to /DIR\n");
      }
    }));

  test("says when another luakit comes first", () =>
    inPlace(usual, async (place) => {
      const other = join(place.bin, "luakit");
      writeFileSync(other, "#!/bin/sh\n", { mode: 0o755 });
      const PATH = `${place.bin}:${join(place.home, "tools")}`;
      expect(await install(place, { args: here, env: { PATH } })).toContain(`! ${other} comes first on your PATH\n`);
    }));

  test("replaces a luakit that is broken, and no link of somebody else", () =>
    inPlace(usual, async (place) => {
      mkdirSync(join(place.home, "tools"));
      writeFileSync(at(place), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      await install(place, { args: here });
      expect(await ask(at(place))).toBe("luakit 0.1.0\n");
      rmSync(at(place));
      symlinkSync("/bin/true", at(place));
      for (const args of [here, [...here, "--uninstall"]]) {
        const { exitCode, stderr } = await runInstall(place, { args, env: { LUAKIT_RELEASES: server.url } });
        expect(exitCode).toBe(1);
        expect(stderr).toStartWith(`luakit: ${at(place)} is a link that something else made`);
      }
      expect(lstatSync(at(place)).isSymbolicLink()).toBe(true);
    }));

  test("runs nothing of a script that was cut short", () =>
    inPlace(usual, async (place) => {
      await using quiet = openReleaseServer({ releases: {}, latest: "0.1.0" });
      const script = readFileSync(installScript);
      const lines = [...script.keys()].filter((index) => script[index] === 10);
      const cuts = [...lines.slice(0, -1).filter((_, index) => index % 10 === 0), ...[...script.keys()].slice(-20, -1)];
      const env = { PATH: place.bin, HOME: place.home, LUAKIT_RELEASES: quiet.url };
      const feed = async (stdin: Uint8Array) => {
        const child = Bun.spawn([needProgram("dash")], { cwd: place.home, env, stdin, stdout: "pipe", stderr: "pipe" });
        return [await new Response(child.stdout).text(), await new Response(child.stderr).text()];
      };
      for (const cut of cuts) expect((await feed(script.subarray(0, cut)))[0]).toBe("");
      expect(quiet.requests).toEqual([]);
      expect(listHome(place)).toEqual([]);
      expect((await feed(script))[1]).toStartWith("luakit: there is no release");
      expect(quiet.requests[0]).toEndWith("/releases/latest/download/SHA256SUMS");
    }));

  test("shows its options", () =>
    inPlace([], async (place) => {
      const { stdout, exitCode } = await runInstall(place, { args: ["--help"] });
      expect(exitCode).toBe(0);
      for (const word of ["--version VERSION", "--to DIR", "--uninstall", "LUAKIT_RELEASES"]) {
        expect(stdout).toContain(word);
      }
    }));
});

function readSum(name: string): { readonly sum: string } {
  const line = readFileSync(join(folder, "new/SHA256SUMS"), "utf8")
    .split("\n")
    .find((each) => each.endsWith(`${name}.tar.gz`));
  return { sum: line?.split(" ")[0] ?? "no such file" };
}
