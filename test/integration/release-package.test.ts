import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { capture, run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { buildTree } from "../support/build.ts";
import { madeTargets, makeTestRelease, packageVersion, versionLine } from "../support/made-release.ts";
import { checkout, readPackaged } from "../support/packaged-image.ts";
import { runFor } from "../support/run-for.ts";
import { testbed } from "../support/testbed.ts";
import { readTree } from "../support/tree.ts";

setDefaultTimeout(600_000);

const bed = testbed();
const version = packageVersion();
const architectures = ["amd64", "arm64"] as const;
const work = mkdtempSync(join(tmpdir(), "luakit-release-"));
let made = "";
const file = (name: string) => join(made, name);
const executable = (target: string) => readFileSync(join(checkout, "dist", target, "luakit"));

function folder(name: string): string {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  return path;
}

beforeAll(async () => {
  await installPrograms({ rpm: "rpm" });
  made = await makeTestRelease();
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

test("the command makes what it says, and checksums of it", async () => {
  expect(readdirSync(made).sort()).toEqual(
    [
      "SHA256SUMS",
      "install.sh",
      `luakit-${version}-1.aarch64.rpm`,
      `luakit-${version}-1.x86_64.rpm`,
      ...madeTargets.map((target) => `luakit-${version}-${target}.tar.gz`),
      `luakit-${version}.spdx.json`,
      `luakit-${version}.tgz`,
      `luakit-build-linux-arm64-${version}.tgz`,
      `luakit-build-linux-x64-${version}.tgz`,
      `luakit-build-linux-x64-musl-${version}.tgz`,
      `luakit-ci-${version}.oci.tar`,
      `luakit-gateway-${version}.oci.tar`,
      `luakit_${version}_amd64.deb`,
      `luakit_${version}_arm64.deb`,
      `luakit_${version}_x86_64.apk`,
    ].sort(),
  );
  const checked = await run(["sha256sum", "--check", "--strict", "SHA256SUMS"], { cwd: made });
  expect(checked.split("\n")).toHaveLength(readdirSync(made).length - 1);
});

describe.concurrent.each(architectures)("for %s", (architecture) => {
  test("the archive has the executable and the licences", async () => {
    const name = `luakit-${version}-linux-${architecture}`;
    const root = folder(`archive-${architecture}`);
    await run(["tar", "-C", root, "-xzf", file(`${name}.tar.gz`)]);
    expect(readdirSync(join(root, name)).sort()).toEqual(["LICENSE", "LICENSES.txt", "luakit"]);
    expect(await runFor(architecture, [join(root, name, "luakit"), "version"])).toBe(versionLine());
    const licenses = await runFor(architecture, [join(root, name, "luakit"), "version", "--licenses"]);
    expect(readFileSync(join(root, name, "LICENSES.txt"), "utf8").trim()).toBe(licenses);
  });

  test("the Debian package has the executable", async () => {
    const deb = file(`luakit_${version}_${architecture}.deb`);
    const root = folder(`deb-${architecture}`);
    await run(["dpkg-deb", "-x", deb, root]);
    expect(await run(["dpkg-deb", "-f", deb, "Package", "Version", "Architecture", "Depends"])).toBe(
      `Package: luakit\nVersion: ${version}\nArchitecture: ${architecture}\nDepends: libc6 (>= 2.17)`,
    );
    expect(readFileSync(join(root, "usr/share/doc/luakit/copyright"), "utf8")).toContain("MIT License");
    expect(await runFor(architecture, [join(root, "usr/bin/luakit"), "version"])).toBe(versionLine());
    const completion = readFileSync(join(root, "usr/share/bash-completion/completions/luakit"), "utf8").trim();
    expect(completion).toBe(await runFor(architecture, [join(root, "usr/bin/luakit"), "completion", "bash"]));
    expect(existsSync(join(root, "usr/share/zsh/vendor-completions/_luakit"))).toBe(true);
  });

  test("rpm installs the package and removes it", async () => {
    const processor = { amd64: "x86_64", arm64: "aarch64" }[architecture];
    const root = folder(`rpm-${architecture}`);
    const rpm = ["rpm", "--root", root];
    // The system below has no other package, glibc included.
    const flags = ["--nodeps", "--ignorearch", "--nosignature"];
    await run([...rpm, "--install", ...flags, file(`luakit-${version}-1.${processor}.rpm`)]);
    expect(await run([...rpm, "--query", "luakit"])).toBe(`luakit-${version}-1.${processor}`);
    expect(await run([...rpm, "--query", "--requires", "luakit"])).toContain("glibc >= 2.17");
    expect(await run([...rpm, "--verify", "--nodeps", "luakit"])).toBe("");
    expect(await runFor(architecture, [join(root, "usr/bin/luakit"), "version"])).toBe(versionLine());
    await run([...rpm, "--erase", "luakit"]);
    expect(existsSync(join(root, "usr/bin/luakit"))).toBe(false);
  });

  test.each(["gateway", "ci"] as const)("the image %s runs luakit", async (image) => {
    const layout = folder(`${image}-${architecture}`);
    await run(["tar", "-C", layout, "-xf", file(`luakit-${image}-${version}.oci.tar`)]);
    const { config, layers } = readPackaged(layout, architecture);
    const root = folder(`${image}-${architecture}-root`);
    for (const [index, layer] of layers.entries()) {
      const archive = join(layout, `${index}.tar`);
      writeFileSync(archive, gunzipSync(layer));
      await run(["tar", "-C", root, "-xf", archive]);
    }
    const path = image === "gateway" ? "/luakit" : "/usr/local/bin/luakit";
    expect(await runFor(architecture, [join(root, path), "version"], root)).toBe(versionLine());
    expect(config.config).toMatchObject({ Labels: { "org.opencontainers.image.version": version } });
    if (image === "gateway") expect(config.config).toMatchObject({ Entrypoint: ["/luakit"] });
    else if (architecture === "amd64") {
      mkdirSync(join(root, "proc"), { recursive: true });
      const inside = `mount -t proc proc ${root}/proc && exec chroot ${root} sh -c "luakit version"`;
      expect(await run(["unshare", "--mount", "sh", "-c", inside])).toBe(versionLine());
    }
  });
});

test("dpkg installs the package in Debian and removes it", async () => {
  const tree = await buildTree(
    `local debian = bk.image("${bed.images.debian}")
     local ran = debian:run([[
       dpkg -i /in/luakit.deb && luakit version > /installed
       dpkg --verify luakit && dpkg -r luakit && ! test -e /usr/bin/luakit && echo yes > /removed
     ]], { mounts = { bk.bind(bk.local_("packages"), "/in") } })
     bk.export(bk.scratch():copy(ran, "/installed", "/"):copy(ran, "/removed", "/"))`,
    { locals: { packages: { "luakit.deb": readFileSync(file(`luakit_${version}_amd64.deb`)) } } },
  );
  expect(tree.text("installed").trim()).toBe(versionLine());
  expect(tree.text("removed").trim()).toBe("yes");
});

test("the apk package is what Alpine's format says", () => {
  const apk = readFileSync(file(`luakit_${version}_x86_64.apk`));
  const parts = splitApk(apk);
  const info = readTree(parts.control).text(".PKGINFO");
  expect(info).toContain(`pkgname = luakit\npkgver = ${version}\narch = x86_64\n`);
  expect(info).toContain("depend = libstdc++\n");
  const data = readTree(parts.data);
  expect(data.entry("usr/bin/luakit").mode).toBe("0755");
  expect(executable("linux-amd64-musl").equals(data.entry("usr/bin/luakit").data)).toBe(true);
  const pax = /APK-TOOLS\.checksum\.SHA1=([0-9a-f]{40})\n/g;
  const sums = [...Buffer.from(parts.data).toString("latin1").matchAll(pax)].map(([, sum]) => sum);
  expect(sums).toContain(createHash("sha1").update(executable("linux-amd64-musl")).digest("hex"));
});

test("npm installs the launcher and the executable, without a registry", async () => {
  const directory = folder("npm");
  writeFileSync(join(directory, "package.json"), '{ "private": true }');
  const packages = [`luakit-${version}.tgz`, `luakit-build-linux-x64-${version}.tgz`].map(file);
  const npm = { cwd: directory, env: { npm_config_cache: folder("npm-cache"), npm_config_offline: "true" } };
  await run(["npm", "install", "--no-audit", "--no-fund", ...packages], npm);
  expect(await run(["npx", "luakit", "version"], npm)).toBe(versionLine());
  const wrong = await capture(["npx", "luakit", "build", "nothing.lua"], npm);
  expect(wrong.exitCode).toBe(
    (await capture([join(checkout, "dist/linux-amd64/luakit"), "build", "nothing.lua"])).exitCode,
  );
  expect(wrong.stderr).toContain("nothing.lua");
  expect(await interrupted(directory)).toEqual({ launcher: 143, left: [] });
  rmSync(join(directory, "node_modules/@luakit-build"), { recursive: true });
  const missing = await capture(["node", join(directory, "node_modules/luakit/bin/luakit.js"), "version"]);
  expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
  expect(missing.stderr).toContain("the package @luakit-build/linux-x64 is not installed");
});

/** A build through npm's launcher that is told to end: how the launcher ends, and what still runs then. */
async function interrupted(
  directory: string,
): Promise<{ readonly launcher: number; readonly left: readonly string[] }> {
  writeFileSync(join(directory, "build.lua"), "while true do end");
  const launcher = Bun.spawn(["node", "node_modules/luakit/bin/luakit.js", "build"], {
    cwd: directory,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const children = () => readFileSync(`/proc/${launcher.pid}/task/${launcher.pid}/children`, "utf8").trim().split(" ");
  while (children().join("") === "") await Bun.sleep(20);
  const before = children();
  await Bun.sleep(500);
  launcher.kill("SIGTERM");
  const ended = await launcher.exited;
  return { launcher: ended, left: before.filter((pid) => existsSync(`/proc/${pid}`)) };
}

/** The control and the data of a package that is not signed: two gzip streams, the second one named by the first. */
function splitApk(apk: Buffer): { readonly control: Uint8Array; readonly data: Uint8Array } {
  const magic = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = apk.indexOf(magic, 1); at > 0; at = apk.indexOf(magic, at + 1)) {
    const control = gunzipSync(apk.subarray(0, at));
    const hash = createHash("sha256").update(apk.subarray(at)).digest("hex");
    if (readTree(control).text(".PKGINFO").includes(`datahash = ${hash}\n`)) {
      return { control, data: gunzipSync(apk.subarray(at)) };
    }
  }
  throw new Error("no part of the package has the hash that it names");
}
