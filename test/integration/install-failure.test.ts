import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { inDirectory } from "../support/build.ts";
import { githubCertificate } from "../support/github-certificate.ts";
import { openGithubTunnel } from "../support/github-tunnel.ts";
import {
  type InstallOptions,
  type InstallPlace,
  listHome,
  makeInstallPlace,
  runInstall,
  startInstall,
} from "../support/install-run.ts";
import { writeReleaseFolder, writeSmallRelease } from "../support/release-folder.ts";
import { type Fault, openReleaseServer } from "../support/release-server.ts";
import { openSmallDisk } from "../support/small-disk.ts";

setDefaultTimeout(60_000);

const targets = ["linux-amd64", "linux-amd64-baseline"];
const fetchers = {
  curl: { programs: ["curl", "sha256sum"], shell: ["dash"] },
  wget: { programs: ["wget", "sha256sum"], shell: ["dash"] },
  "busybox's wget": { programs: [], shell: ["busybox", "ash"] },
};
type Fetcher = keyof typeof fetchers;
const all: readonly Fetcher[] = ["curl", "wget", "busybox's wget"];

let folder = "";

beforeAll(async () => {
  await installPrograms({
    ...{ dash: "dash", busybox: "busybox-static", setpriv: "util-linux", setarch: "util-linux" },
    ...{ curl: "curl", wget: "wget" },
  });
  folder = mkdtempSync(join(tmpdir(), "luakit-install-"));
  await writeSmallRelease(join(folder, "good"), { version: "0.1.0", targets });
  await writeSmallRelease(join(folder, "other"), { version: "0.1.0", targets, says: "Segmentation fault" });
  await writeSmallRelease(join(folder, "none"), { version: "0.1.0", targets: ["windows-amd64"] });
  await writeLargeRelease(join(folder, "incompressible"), crypto.getRandomValues(Buffer.alloc(65536)));
  await writeLargeRelease(join(folder, "compressible"), new Uint8Array(65536));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A release whose luakit has so many bytes 64 times behind it. */
async function writeLargeRelease(directory: string, bytes: Uint8Array): Promise<void> {
  mkdirSync(directory);
  const executable = join(directory, ".luakit");
  writeFileSync(executable, "#!/bin/sh\necho luakit 0.1.0\nexit\n");
  for (let count = 0; count < 64; count++) appendFileSync(executable, bytes);
  await writeReleaseFolder(directory, { version: "0.1.0", targets, executable });
}

interface Case extends InstallOptions {
  readonly release?: string;
  readonly faults?: Readonly<Record<string, Fault>>;
  readonly fetcher?: Fetcher;
  readonly fakes?: Readonly<Record<string, string>>;
  /** Only where nothing was: it takes long. */
  readonly once?: boolean;
  /** Another home than the place's own. */
  readonly home?: string;
}

/**
 * Runs `install.sh` over luakit 0.0.9, expects that it fails with one line and that nothing but 0.0.9 is there, and again
 * where nothing was. Gives the line.
 */
async function failure(options: Case, programs = fetchers[options.fetcher ?? "curl"].programs): Promise<string> {
  return inDirectory(async (directory) => {
    const releases = { "0.1.0": join(folder, options.release ?? "good") };
    await using server = openReleaseServer({ releases, latest: "0.1.0", faults: options.faults ?? {} });
    const made = makeInstallPlace(directory, programs, options.fakes);
    const place = { ...made, home: options.home ?? made.home };
    const [shell = "", ...flags] = fetchers[options.fetcher ?? "curl"].shell;
    const env = { LUAKIT_RELEASES: server.url, ...options.env };
    const given = { shell: [needProgram(shell), ...flags], args: ["--to", "a/b"], ...options, env };
    const first = await failOnce(place, given);
    const said = first.replaceAll(place.home, "HOME").replaceAll(server.url, "RELEASES");
    if (options.once === true) return said;
    const old = "#!/bin/sh\necho luakit 0.0.9\n";
    mkdirSync(join(place.home, "a/b"), { recursive: true });
    writeFileSync(join(place.home, "a/b/luakit"), old, { mode: 0o755 });
    const second = await failOnce(place, given);
    if (place.home === made.home) expect(readFileSync(join(place.home, "a/b/luakit"), "utf8")).toBe(old);
    expect(withoutTimes(second)).toBe(withoutTimes(first));
    return said;
  });
}

function withoutTimes(said: string): string {
  return said.replace(/ after \d+ ms/, "");
}

async function failOnce(place: InstallPlace, options: InstallOptions): Promise<string> {
  const before = listHome(place);
  const { exitCode, stdout, stderr } = await runInstall(place, options);
  expect({ exitCode, stderr, stdout }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^luakit: [^\n]+\n$/),
    stdout: expect.not.stringContaining("installed"),
  });
  expect(listHome(place)).toEqual(before);
  return stderr.trim();
}

describe.concurrent("install.sh fails", () => {
  for (const fetcher of all) {
    test(`with ${fetcher} when a checksum is wrong`, async () => {
      expect(await failure({ fetcher, faults: { ".tar.gz": "corrupt" } })).toMatch(
        /^luakit: the checksum of luakit-0\.1\.0-linux-amd64(-baseline)?\.tar\.gz is wrong, nothing was installed: it is [0-9a-f]{64} and should be [0-9a-f]{64}$/,
      );
    });

    test(`with ${fetcher} when the archive ends early`, async () => {
      expect(await failure({ fetcher, faults: { ".tar.gz": "truncated" } })).toMatch(
        /^luakit: (cannot download RELEASES\/download\/v0\.1\.0\/luakit-0\.1\.0-linux-amd64|the checksum of luakit-0\.1\.0)/,
      );
    });

    test(`with ${fetcher} when there is no such version`, async () => {
      const missing = "luakit: there is no release 1.2.3 of luakit at RELEASES";
      expect(await failure({ fetcher, args: ["--version", "1.2.3", "--to", "a/b"] })).toBe(missing);
      expect(await failure({ fetcher, faults: { SHA256SUMS: "missing" } })).toBe(
        "luakit: there is no release of luakit at RELEASES",
      );
    });

    test(`with ${fetcher} when a file is missing`, async () => {
      expect(await failure({ fetcher, faults: { ".tar.gz": "missing" } })).toMatch(
        /^luakit: the release 0\.1\.0 has no luakit-0\.1\.0-linux-amd64(-baseline)?\.tar\.gz$/,
      );
    });

    test(`with ${fetcher} when there is no network`, async () => {
      const closed = await failure({ fetcher, env: { LUAKIT_RELEASES: "http://127.0.0.1:1" } });
      expect(closed).toMatch(
        /^luakit: cannot download http:\/\/127\.0\.0\.1:1\/latest\/download\/SHA256SUMS: .*(Connection refused|connect)/,
      );
      const unknown = await failure({ fetcher, env: { LUAKIT_RELEASES: "https://releases.invalid" } });
      expect(unknown).toMatch(/^luakit: cannot download https:\/\/releases\.invalid\/.*: .*releases\.invalid/);
    });

    test.each(["incompressible", "compressible"])(`with ${fetcher} when the disk is full: %s`, async (release) => {
      using disk = openSmallDisk(1);
      expect(await failure({ fetcher, release, home: disk.path })).toBe("luakit: the disk with HOME/a/b is full");
    });
  }

  test.each(["curl", "wget"] as const)("with %s when a download stands still", async (fetcher) => {
    const env = { LUAKIT_TIMEOUT: "3" };
    const said = await failure({ fetcher, env, faults: { ".tar.gz": "stalled" }, once: true });
    expect(said).toStartWith("luakit: cannot download RELEASES/download/v0.1.0/luakit-0.1.0-linux-amd64");
  });

  test.each(["curl", "wget"] as const)("with %s when nobody knows who the server is", async (fetcher) => {
    await using server = openReleaseServer({ releases: { "0.1.0": join(folder, "good") }, latest: "0.1.0", tls: true });
    await using tunnel = await openGithubTunnel(server.port);
    const env = { LUAKIT_RELEASES: "", https_proxy: tunnel.url };
    expect(await failure({ fetcher, env })).toBe(
      "luakit: the certificate of https://github.com/luakit-build/luakit/releases/latest/download/SHA256SUMS is not trusted: are ca-certificates installed?",
    );
    expect(server.requests).toEqual([]);
  });

  test("when GitHub leads away from TLS", async () => {
    await using server = openReleaseServer({ releases: {}, latest: "0.1.0", tls: true, plain: true });
    await using tunnel = await openGithubTunnel(server.port);
    await inDirectory(async (directory) => {
      const ca = join(directory, "ca.pem");
      writeFileSync(ca, githubCertificate.ca);
      const said = await failure({ env: { LUAKIT_RELEASES: "", https_proxy: tunnel.url, CURL_CA_BUNDLE: ca } });
      expect(said).toMatch(/cannot download https:\/\/github.com\/.*: .*[Pp]rotocol/);
      expect(new Set(server.requests)).toEqual(new Set(["/luakit-build/luakit/releases/latest/download/SHA256SUMS"]));
    });
  });

  test("when wget checks no certificates", async () => {
    await using server = openReleaseServer({ releases: { "0.1.0": join(folder, "good") }, latest: "0.1.0", tls: true });
    expect(await failure({ fetcher: "busybox's wget", env: { LUAKIT_RELEASES: server.url } })).toBe(
      "luakit: this wget cannot check certificates: install curl, or GNU wget",
    );
  });

  test("when there is no permission", () =>
    inDirectory(async (directory) => {
      chmodSync(directory, 0o755);
      const place = makeInstallPlace(directory, ["curl", "sha256sum"]);
      mkdirSync(join(place.home, "there"));
      writeFileSync(join(place.home, "there/luakit"), "", { mode: 0o644 });
      const by = [needProgram("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"];
      for (const [to, ...more] of [["there"], ["not/there"], ["there", "--uninstall"]]) {
        const said = await failOnce(place, {
          by,
          args: ["--to", to ?? "", ...more],
          env: { LUAKIT_RELEASES: "http://127.0.0.1:1" },
        });
        expect(said).toBe(
          `luakit: no permission to write to ${place.home}/${to}: choose a directory with --to DIR, or do it as root`,
        );
      }
    }));

  test("when what was downloaded does not run", async () => {
    expect(await failure({ release: "other" })).toMatch(
      /^luakit: what was downloaded for linux-amd64(-baseline)? does not run here, nothing was installed: Segmentation fault$/,
    );
  });

  test.each([
    [["sha256sum"], "curl or wget is needed to download luakit"],
    [["curl"], "sha256sum, shasum or openssl is needed to verify what is downloaded"],
  ])("with nothing but %p", async (programs, problem) => {
    expect(await failure({}, programs)).toBe(`luakit: ${problem}`);
  });

  test("when the release has nothing for this machine", async () => {
    expect(await failure({ release: "none" })).toMatch(
      /^luakit: the release at RELEASES\/latest has no luakit for linux-amd64(-baseline)?$/,
    );
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("at once on %s", (signal) =>
    inDirectory(async (directory) => {
      const releases = { "0.1.0": join(folder, "good") };
      await using server = openReleaseServer({ releases, latest: "0.1.0", faults: { ".tar.gz": "stalled" } });
      const place = makeInstallPlace(directory, ["curl", "sha256sum"]);
      const child = startInstall(place, { args: ["--to", "a/b"], env: { LUAKIT_RELEASES: server.url } });
      while (!server.requests.some((path) => path.startsWith("/assets/0.1.0/luakit"))) await Bun.sleep(10);
      expect(readdirSync(place.home)).toEqual(["a"]);
      expect(server.pending()).toBe(1);
      child.kill(signal);
      expect(await child.exited).toBe({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal]);
      expect(listHome(place)).toEqual([]);
      // What downloads has ended, too: by itself it would go on for 30 seconds.
      for (let tries = 0; server.pending() > 0 && tries < 200; tries++) await Bun.sleep(50);
      expect(server.pending()).toBe(0);
    }),
  );

  test.each(["2m", "abc", "0", "-1", "1.5", "99999999"])("on LUAKIT_TIMEOUT=%s", (seconds) =>
    inDirectory(async (directory) => {
      const place = makeInstallPlace(directory, ["curl", "sha256sum"]);
      const { exitCode, stderr } = await runInstall(place, { env: { LUAKIT_TIMEOUT: seconds } });
      const problem = `LUAKIT_TIMEOUT is ${seconds} and should be a number of whole seconds, such as 30`;
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `luakit: ${problem}: see --help\n` });
    }),
  );

  test.each([
    [["--frobnicate"], "there is no option --frobnicate"],
    [["--to"], "--to needs a value"],
    [["--version", "../../x"], "../../x is no version"],
  ])("on the mistake %p", (args, problem) =>
    inDirectory(async (directory) => {
      const place = makeInstallPlace(directory, ["curl", "sha256sum"]);
      const { exitCode, stderr } = await runInstall(place, { args });
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `luakit: ${problem}: see --help\n` });
    }),
  );
});
