import { expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "../../scripts/testbed/command.ts";
import { needProgram } from "../../scripts/testbed/debian.ts";
import { inDirectory, luakit } from "../support/build.ts";
import { debianRoot } from "../support/debian-root.ts";
import { type Block, looksLike, readBlocks, runBlocks } from "../support/document.ts";
import { githubCertificate } from "../support/github-certificate.ts";
import { openGithubTunnel } from "../support/github-tunnel.ts";
import { ownRelease } from "../support/release-folder.ts";
import { openReleaseServer } from "../support/release-server.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const readme = readFileSync(resolve(import.meta.dir, "../../README.md"), "utf8");

/** The blocks below a heading of the README, up to the next one. */
function blocksBelow(heading: string): readonly Block[] {
  const [, text = ""] = readme.split(`\n## ${heading}\n`);
  return readBlocks(text.split("\n## ")[0] ?? "");
}

/**
 * A shell in a root of its own, with its own mounts, which end with it: `/proc`, the daemon where buildkitd is by default, and
 * the directory of results under its own name.
 */
function enter(root: string, results: string, env: Readonly<Record<string, string>>): readonly string[] {
  const daemon = dirname(testbed().addr.replace("unix://", ""));
  const script = `mount -t proc proc "$1/proc" && mount --bind "$2" "$1/run/buildkit" && mount --bind "$3" "$1$3" || exit
root=$1
shift 3
exec chroot "$root" env -i "$@"`;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const unshare = [needProgram("unshare"), "--mount", "--propagation", "private"];
  return [...unshare, "sh", "-c", script, "sh", root, daemon, results, ...variables, "sh"];
}

test("on a bare Debian, the install line and the README's first build do what the README says", () =>
  inDirectory(async (directory) => {
    const { version } = packageJson;
    const releases = { [version]: await ownRelease() };
    await using server = openReleaseServer({ releases, latest: version, tls: true });
    await using tunnel = await openGithubTunnel(server.port);
    const [root, results] = [join(directory, "root"), join(directory, "results")];
    await run(["cp", "-a", await debianRoot(["curl", "ca-certificates"]), root]);
    for (const path of [results, join(root, "run/buildkit"), join(root, results)]) mkdirSync(path, { recursive: true });
    appendFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), githubCertificate.ca);
    const [line, ...others] = blocksBelow("Install");
    const first = blocksBelow("The first build");
    expect(line?.body).toStartWith(
      "curl -fsSL https://github.com/luakit-build/luakit/releases/latest/download/install.sh | sh\n",
    );
    expect(others.length + 1).toBe(2);
    const env = {
      HOME: "/root",
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      https_proxy: tunnel.url,
    };
    const shell = enter(root, results, env);
    const blocks = [...(line === undefined ? [] : [line]), ...first];
    const printed = await runBlocks(blocks, { cwd: "/", results, env: {}, shell });
    expect(printed.map(({ command }) => command)).toEqual(["cat out/greeting.txt"]);
    expect(printed.filter((each) => !looksLike(each.output, each.printed))).toEqual([]);
    expect(tunnel.hosts).toContain("github.com:443");
    expect(readFileSync(join(root, "usr/local/bin/luakit")).equals(readFileSync(luakit))).toBe(true);
    expect(existsSync(join(root, "root/hello/out/greeting.txt"))).toBe(true);
  }));
