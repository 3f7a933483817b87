import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveName, writeArchive } from "../../scripts/release/archive.ts";
import { sha256 } from "../../scripts/release/checksums.ts";
import { homebrewFormula } from "../../scripts/release/homebrew.ts";
import { releaseFiles } from "../../scripts/release/make-release.ts";
import { nixHashes } from "../../scripts/release/nix.ts";
import type { Release } from "../../scripts/release/release.ts";
import { targets } from "../../scripts/targets.ts";
import { run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { actionlint } from "../support/actionlint.ts";
import { luakit } from "../support/build.ts";
import { versionLine } from "../support/made-release.ts";
import { checkout } from "../support/packaged-image.ts";

setDefaultTimeout(300_000);

const version = versionLine().replace("luakit ", "");
const work = mkdtempSync(join(tmpdir(), "luakit-release-files-"));
const archives = join(work, "archives");
const release: Release = {
  version,
  description: "Container builds for BuildKit, written in Lua",
  repository: "https://github.com/luakit-build/luakit",
  time: 1_700_000_000,
  targets,
  license: "a licence",
  licenses: "licences",
};
const options = { directory: archives, bases: new Map() };
const urlOf = (target: string) =>
  `https://github.com/luakit-build/luakit/releases/download/v${version}/${archiveName(version, target)}`;

beforeAll(async () => {
  await installPrograms({ "nix-build": "nix-bin", ruby: "ruby", patchelf: "patchelf", unzip: "unzip" });
  const small = join(work, "small");
  writeFileSync(small, "an executable");
  const { license, licenses } = release;
  for (const target of targets) {
    const executable = target === "linux-amd64" ? luakit : small;
    await writeArchive(archives, { version, target, executable, license, licenses });
  }
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

test("a release of all targets has all files", () => {
  expect(releaseFiles(release, options)).toEqual(
    [
      "SHA256SUMS",
      "install.sh",
      `luakit-${version}-1.aarch64.rpm`,
      `luakit-${version}-1.x86_64.rpm`,
      `luakit-${version}-darwin-amd64.tar.gz`,
      `luakit-${version}-darwin-arm64.tar.gz`,
      `luakit-${version}-linux-amd64-baseline.tar.gz`,
      `luakit-${version}-linux-amd64-musl-baseline.tar.gz`,
      `luakit-${version}-linux-amd64-musl.tar.gz`,
      `luakit-${version}-linux-amd64.tar.gz`,
      `luakit-${version}-linux-arm64-musl.tar.gz`,
      `luakit-${version}-linux-arm64.tar.gz`,
      `luakit-${version}-windows-amd64.zip`,
      `luakit-${version}.nix.json`,
      `luakit-${version}.spdx.json`,
      `luakit-${version}.tgz`,
      `luakit-build-darwin-arm64-${version}.tgz`,
      `luakit-build-darwin-x64-${version}.tgz`,
      `luakit-build-linux-arm64-${version}.tgz`,
      `luakit-build-linux-arm64-musl-${version}.tgz`,
      `luakit-build-linux-x64-${version}.tgz`,
      `luakit-build-linux-x64-musl-${version}.tgz`,
      `luakit-build-win32-x64-${version}.tgz`,
      `luakit-ci-${version}.oci.tar`,
      `luakit-gateway-${version}.oci.tar`,
      "luakit.rb",
      `luakit_${version}_aarch64.apk`,
      `luakit_${version}_amd64.deb`,
      `luakit_${version}_arm64.deb`,
      `luakit_${version}_x86_64.apk`,
    ].sort(),
  );
  const images = /oci\.tar$/;
  const { directory } = options;
  expect(releaseFiles(release, { directory })).toEqual(
    releaseFiles(release, options).filter((name) => !images.test(name)),
  );
});

test("archives of the same contents have the same bytes, in any directory", async () => {
  for (const target of ["linux-arm64", "windows-amd64"]) {
    const { license, licenses } = release;
    const contents = { version, target, executable: join(work, "small"), license, licenses };
    const again = await writeArchive(join(work, "again"), contents);
    expect(sha256(again)).toBe(sha256(join(archives, archiveName(version, target))));
  }
});

test("unzip unpacks the archive for Windows", async () => {
  const name = `luakit-${version}-windows-amd64`;
  await run(["unzip", "-q", join(archives, `${name}.zip`), "-d", work]);
  expect(readdirSync(join(work, name)).sort()).toEqual(["LICENSE", "LICENSES.txt", "luakit.exe"]);
  expect(readFileSync(join(work, name, "luakit.exe"), "utf8")).toBe("an executable");
});

test("Ruby reads the formula, which names each archive with its checksum", async () => {
  const [formula] = homebrewFormula(release, archives);
  const path = join(work, "luakit.rb");
  await formula?.make(path);
  const script = join(work, "read.rb");
  writeFileSync(script, readFormula);
  const read = JSON.parse(await run(["ruby", script, path]));
  const entry = (target: string) => ({
    url: urlOf(target),
    sha256: sha256(join(archives, archiveName(version, target))),
  });
  expect(read).toEqual({
    version,
    desc: release.description,
    homepage: release.repository,
    license: "MIT",
    "macos arm": entry("darwin-arm64"),
    "macos intel": entry("darwin-amd64"),
    "linux arm": entry("linux-arm64"),
    "linux intel": entry("linux-amd64"),
  });
});

test("Nix builds the package from an archive, and luakit runs with the loader that it sets", async () => {
  const [hashes] = nixHashes(release, archives);
  const path = join(work, "release.json");
  await hashes?.make(path);
  const made: { readonly sources: Readonly<Record<string, { readonly url: string; readonly hash: string }>> } =
    JSON.parse(readFileSync(path, "utf8"));
  expect(Object.entries(made.sources).map(([system, { url }]) => [system, url])).toEqual([
    ["x86_64-linux", urlOf("linux-amd64")],
    ["aarch64-linux", urlOf("linux-arm64")],
    ["x86_64-darwin", urlOf("darwin-amd64")],
    ["aarch64-darwin", urlOf("darwin-arm64")],
  ]);
  const local = Object.fromEntries(
    Object.entries(made.sources).map(([system, { url, hash }]) => [
      system,
      { url: url.replace(/.*\//, `file://${archives}/`), hash },
    ]),
  );
  writeFileSync(path, JSON.stringify({ version, sources: local }));
  const nix = nixIn(join(work, "nix"));
  const expression = `(import ${checkout}/flake.nix).outputs { nixpkgs = import ${checkout}/test/support/nixpkgs.nix { release = ${path}; }; }`;
  const stored = await run(["nix-build", "--no-out-link", "-E", `(${expression}).packages.x86_64-linux.default`], nix);
  const program = join(stored, "bin/luakit");
  expect(await run([program, "version"])).toBe(versionLine());
  expect(await run(["patchelf", "--print-rpath", program])).toBe("/lib/x86_64-linux-gnu");
  expect(readdirSync(join(stored, "share/licenses/luakit")).sort()).toEqual(["LICENSE", "LICENSES.txt"]);
  const names = `builtins.mapAttrs (_: p: p.default.drvPath) (${expression}).packages`;
  const evaluated = JSON.parse(await run(["nix-instantiate", "--eval", "--strict", "--json", "-E", names], nix));
  expect(Object.keys(evaluated).sort()).toEqual(Object.keys(made.sources).sort());
});

test("actionlint has nothing to say of the workflows", async () => {
  const workflows = join(checkout, ".github/workflows");
  const files = readdirSync(workflows).map((name) => join(workflows, name));
  expect(files.length).toBeGreaterThan(1);
  expect(await actionlint(files)).toMatchObject({ exitCode: 0, stdout: "" });
  for (const text of files.map((path) => readFileSync(path, "utf8"))) {
    const uses = [...text.matchAll(/uses: (\S+)( # v\S+)?$/gm)];
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/@[0-9a-f]{40}$/);
      expect(comment).toBeDefined();
    }
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  }
});

/** A store of its own, and builds that see this machine's tools. */
function nixIn(directory: string): { readonly env: Readonly<Record<string, string>> } {
  for (const name of ["store", "var", "etc", "log", "home"]) mkdirSync(join(directory, name), { recursive: true });
  return {
    env: {
      NIX_STORE_DIR: join(directory, "store"),
      NIX_STATE_DIR: join(directory, "var"),
      NIX_CONF_DIR: join(directory, "etc"),
      NIX_LOG_DIR: join(directory, "log"),
      NIX_CONFIG: "build-users-group =\nsandbox = false\nsubstitute = false",
      HOME: join(directory, "home"),
    },
  };
}

/** Homebrew's words as far as the formula uses them: what it says is printed as JSON. */
const readFormula = `
require "json"
class Formula
  FACTS = {}
  WHERE = []
  class << self
    %i[desc homepage version license].each { |name| define_method(name) { |value| FACTS[name] = value } }
    %i[macos linux arm intel].each do |name|
      define_method("on_#{name}") { |&block| WHERE.push(name); block.call; WHERE.pop }
    end
    %i[url sha256].each do |name|
      define_method(name) { |value| (FACTS[WHERE.join(" ")] ||= {})[name] = value }
    end
    def test(&block) = block
  end
end
load ARGV[0]
puts JSON.generate(Formula::FACTS)
`;
