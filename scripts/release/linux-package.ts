import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Target } from "../targets.ts";
import { run } from "../testbed/command.ts";
import { buildGoTool } from "../testbed/go-tool.ts";
import { locked } from "../testbed/lock.ts";
import { findPlace } from "../testbed/place.ts";
import type { Product } from "./product.ts";
import { executableOf, type Release } from "./release.ts";

type Format = "deb" | "rpm" | "apk";

interface PackageKind {
  readonly target: Target;
  readonly format: Format;
  /** The processor in the words of nfpm, which are those of Go. */
  readonly arch: "amd64" | "arm64";
  readonly name: (version: string) => string;
}

const kinds: readonly PackageKind[] = [
  { target: "linux-amd64", format: "deb", arch: "amd64", name: (version) => `luakit_${version}_amd64.deb` },
  { target: "linux-arm64", format: "deb", arch: "arm64", name: (version) => `luakit_${version}_arm64.deb` },
  { target: "linux-amd64", format: "rpm", arch: "amd64", name: (version) => `luakit-${version}-1.x86_64.rpm` },
  { target: "linux-arm64", format: "rpm", arch: "arm64", name: (version) => `luakit-${version}-1.aarch64.rpm` },
  { target: "linux-amd64-musl", format: "apk", arch: "amd64", name: (version) => `luakit_${version}_x86_64.apk` },
  { target: "linux-arm64-musl", format: "apk", arch: "arm64", name: (version) => `luakit_${version}_aarch64.apk` },
];

/** What the executable is linked with, and what TLS needs to trust registries. */
const needs: Readonly<Record<Format, Readonly<Record<string, readonly string[]>>>> = {
  deb: { depends: ["libc6 (>= 2.17)"], recommends: ["ca-certificates"] },
  rpm: { depends: ["glibc >= 2.17"], recommends: ["ca-certificates"] },
  apk: { depends: ["libstdc++", "ca-certificates-bundle"] },
};

/** Where shells look for what `luakit completion` prints, by the name of its text in `src/cli/completion`. */
const completions: Readonly<Record<string, string>> = {
  "luakit.bash": "/usr/share/bash-completion/completions/luakit",
  "luakit.zsh": "/usr/share/zsh/site-functions/_luakit",
  "luakit.fish": "/usr/share/fish/vendor_completions.d/luakit.fish",
};

/** The packages for Linux distributions that the targets of a release make possible. */
export function linuxPackages(release: Release): readonly Product[] {
  return kinds
    .filter(({ target }) => release.targets.includes(target))
    .map((kind) => ({
      name: kind.name(release.version),
      inputs: () => [
        describe(release, kind, "", ""),
        executableOf(kind.target).sha256,
        release.license,
        release.licenses,
        ...Object.keys(completions).map((name) => readFileSync(completionText(name), "utf8")),
      ],
      make: (path) => writePackage(path, release, kind),
    }));
}

async function writePackage(path: string, release: Release, kind: PackageKind): Promise<void> {
  const program = await nfpm();
  const directory = mkdtempSync(join(tmpdir(), "luakit-package-"));
  try {
    const { license, licenses } = release;
    writeFileSync(join(directory, "LICENSE"), license);
    writeFileSync(join(directory, "LICENSES.txt"), licenses);
    writeFileSync(join(directory, "copyright"), `${license}\n${licenses}`);
    const config = join(directory, "nfpm.json");
    writeFileSync(config, JSON.stringify(describe(release, kind, directory, executableOf(kind.target).path)));
    await run([program, "package", "--config", config, "--packager", kind.format, "--target", path], {
      env: { SOURCE_DATE_EPOCH: String(release.time) },
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What nfpm reads, which takes JSON for YAML. */
function describe(release: Release, { format, arch }: PackageKind, directory: string, executable: string): unknown {
  const texts =
    format === "deb"
      ? [{ src: join(directory, "copyright"), dst: "/usr/share/doc/luakit/copyright" }]
      : ["LICENSE", "LICENSES.txt"].map((name) => ({
          src: join(directory, name),
          dst: `/usr/share/licenses/luakit/${name}`,
        }));
  const scripts = Object.entries(completions).map(([name, dst]) => ({
    src: completionText(name),
    dst: placeOf(format, dst),
  }));
  return {
    name: "luakit",
    arch,
    platform: "linux",
    version: release.version,
    ...(format === "rpm" ? { release: "1" } : {}),
    section: "devel",
    priority: "optional",
    maintainer: "The luakit authors <luakit-build@users.noreply.github.com>",
    vendor: "The luakit authors",
    description: release.description,
    homepage: release.repository,
    license: "MIT",
    mtime: new Date(release.time * 1000).toISOString(),
    ...needs[format],
    contents: [
      { src: executable, dst: "/usr/bin/luakit", file_info: { mode: 0o755 } },
      ...[...texts, ...scripts].map((text) => ({ ...text, file_info: { mode: 0o644 } })),
    ],
    deb: { compression: "zstd" },
    rpm: { compression: "zstd", summary: release.description, buildhost: "luakit" },
  };
}

function completionText(name: string): string {
  return resolve(import.meta.dir, "../../src/cli/completion", name);
}

/** Debian's zsh keeps a directory of its own for packages. */
function placeOf(format: Format, path: string): string {
  return format === "deb" ? path.replace("/zsh/site-functions/", "/zsh/vendor-completions/") : path;
}

/** The packer, built from its pinned module the first time. */
function nfpm(): Promise<string> {
  const place = { ...findPlace(), scripts: resolve(import.meta.dir) };
  return locked(place.cache, () =>
    buildGoTool(place, {
      module: "nfpm",
      version: "v2.45.0",
      package: "github.com/goreleaser/nfpm/v2/cmd/nfpm",
      versionVariable: "main.version",
    }),
  );
}
