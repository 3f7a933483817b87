import { readFileSync, writeFileSync } from "node:fs";
import { type Target, targetRuntime } from "../targets.ts";
import { file, formatTar, type TarEntry } from "../testbed/tar.ts";
import { executableName } from "./archive.ts";
import { compress } from "./gzip.ts";
import type { Product } from "./product.ts";
import { executableOf, type Release } from "./release.ts";

/** npm's words for a system, of which each has one package. */
const platforms = {
  "linux-x64": "linux-amd64",
  "linux-x64-musl": "linux-amd64-musl",
  "linux-arm64": "linux-arm64",
  "linux-arm64-musl": "linux-arm64-musl",
  "darwin-x64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
  "win32-x64": "windows-amd64",
} as const satisfies Readonly<Record<string, Target>>;

const scope = "@luakit-build";
const launcher = "packaging/npm/luakit.js";
const readme = "packaging/npm/README.md";

/** The package `luakit` and one package with the executable for each system of the targets. */
export function npmPackages(release: Release): readonly Product[] {
  const made = Object.entries(platforms).filter(([, target]) => release.targets.includes(target));
  return [
    {
      name: `luakit-${release.version}.tgz`,
      inputs: () => [
        launcherManifest(release),
        release.license,
        readFileSync(launcher, "utf8"),
        readFileSync(readme, "utf8"),
      ],
      make: async (path) =>
        writeTarball(path, release, launcherManifest(release), [
          file("package/README.md", readFileSync(readme)),
          file("package/bin/luakit.js", readFileSync(launcher), 0o755),
        ]),
    },
    ...made.map(([platform, target]) => platformPackage(release, platform, target)),
  ];
}

function platformPackage(release: Release, platform: string, target: Target): Product {
  const manifest = platformManifest(release, platform, target);
  return {
    name: `${scope.slice(1)}-${platform}-${release.version}.tgz`,
    inputs: () => [manifest, executableOf(target).sha256, release.license, release.licenses],
    make: async (path) =>
      writeTarball(path, release, manifest, [
        file("package/LICENSES.txt", release.licenses),
        file(`package/bin/${executableName(target)}`, readFileSync(executableOf(target).path), 0o755),
      ]),
  };
}

/** Written here and not by `npm pack`, so that the same contents give the same bytes. */
function writeTarball(path: string, release: Release, manifest: unknown, files: readonly TarEntry[]): void {
  const entries = [
    file("package/package.json", `${JSON.stringify(manifest, null, 2)}\n`),
    file("package/LICENSE", release.license),
    ...files,
  ];
  writeFileSync(path, compress(new Uint8Array(formatTar(entries))));
}

/** Names all platforms, whichever of them are made. */
function launcherManifest(release: Release): unknown {
  return {
    name: "luakit",
    ...common(release),
    bin: { luakit: "bin/luakit.js" },
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(
      Object.keys(platforms).map((platform) => [`${scope}/${platform}`, release.version]),
    ),
  };
}

function platformManifest(release: Release, platform: string, target: Target): unknown {
  const { os, cpu } = targetRuntime(target);
  return {
    name: `${scope}/${platform}`,
    ...common(release),
    description: `The executable of luakit for ${platform}`,
    preferUnplugged: true,
    os: [os],
    cpu: [cpu],
    ...(os === "linux" ? { libc: [platform.endsWith("-musl") ? "musl" : "glibc"] } : {}),
  };
}

function common({ version, description, repository }: Release): Readonly<Record<string, unknown>> {
  return {
    version,
    description,
    license: "MIT",
    homepage: repository,
    repository: { type: "git", url: `git+${repository}.git` },
  };
}
