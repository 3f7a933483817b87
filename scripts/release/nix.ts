import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../targets.ts";
import { archiveName } from "./archive.ts";
import type { Product } from "./product.ts";
import { downloadUrl, type Release } from "./release.ts";

const systems = {
  "x86_64-linux": "linux-amd64",
  "aarch64-linux": "linux-arm64",
  "x86_64-darwin": "darwin-amd64",
  "aarch64-darwin": "darwin-arm64",
} as const satisfies Readonly<Record<string, Target>>;

/** What the Nix package takes the archives by: addresses and hashes, as `packaging/nix/release.json` has them. */
export function nixHashes(release: Release, directory: string): readonly Product[] {
  if (Object.values(systems).some((target) => !release.targets.includes(target))) return [];
  const render = () => `${JSON.stringify(describe(release, directory), null, 2)}\n`;
  return [
    { name: `luakit-${release.version}.nix.json`, inputs: render, make: async (path) => writeFileSync(path, render()) },
  ];
}

function describe(release: Release, directory: string): unknown {
  const sources = Object.entries(systems).map(([system, target]) => {
    const name = archiveName(release.version, target);
    const hash = createHash("sha256")
      .update(readFileSync(join(directory, name)))
      .digest("base64");
    return [system, { url: downloadUrl(release, name), hash: `sha256-${hash}` }];
  });
  return { version: release.version, sources: Object.fromEntries(sources) };
}
