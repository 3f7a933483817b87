import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../targets.ts";
import { archiveName } from "./archive.ts";
import { sha256 } from "./checksums.ts";
import type { Product } from "./product.ts";
import { downloadUrl, type Release } from "./release.ts";

const template = "packaging/homebrew/luakit.rb.in";
const targets: readonly Target[] = ["darwin-arm64", "darwin-amd64", "linux-arm64", "linux-amd64"];

/** The formula for Homebrew, which needs the archives of all its systems. */
export function homebrewFormula(release: Release, directory: string): readonly Product[] {
  if (targets.some((target) => !release.targets.includes(target))) return [];
  return [
    {
      name: "luakit.rb",
      inputs: () => renderFormula(release, directory),
      make: async (path) => writeFileSync(path, renderFormula(release, directory)),
    },
  ];
}

/** The template with the version, and with addresses and checksums of the archives in a directory. */
function renderFormula(release: Release, directory: string): string {
  const values = new Map([
    ["VERSION", release.version],
    ["DESCRIPTION", release.description],
    ["HOMEPAGE", release.repository],
  ]);
  for (const target of targets) {
    const name = archiveName(release.version, target);
    values.set(`URL:${target}`, downloadUrl(release, name));
    values.set(`SHA256:${target}`, sha256(join(directory, name)));
  }
  return readFileSync(template, "utf8").replace(/@([A-Z0-9]+(?::[a-z0-9-]+)?)@/g, (_, key: string) => {
    const value = values.get(key);
    if (value === undefined) throw new Error(`${template}: @${key}@ means nothing`);
    return value;
  });
}
