import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { renderSbom } from "../sbom.ts";
import { archiveName, writeArchiveTo } from "./archive.ts";
import { homebrewFormula } from "./homebrew.ts";
import { type BaseImages, imageProducts } from "./image.ts";
import { linuxPackages } from "./linux-package.ts";
import { nixHashes } from "./nix.ts";
import { npmPackages } from "./npm-package.ts";
import type { Product } from "./product.ts";
import { executableOf, type Release } from "./release.ts";

const installer = "scripts/install.sh";

/** What else decides what is made. */
export interface ProductOptions {
  readonly directory: string;
  /** Without: no images. */
  readonly bases?: BaseImages;
}

/** All files of a release but their checksums, in steps of which each needs those before it. */
export function productSteps(release: Release, options: ProductOptions): readonly (readonly Product[])[] {
  return [
    [
      // What takes longest goes first.
      ...linuxPackages(release),
      ...(options.bases === undefined ? [] : imageProducts(release, options.bases)),
      ...archives(release),
      ...npmPackages(release),
      sbom(release),
      installScript(),
    ],
    [...homebrewFormula(release, options.directory), ...nixHashes(release, options.directory)],
  ];
}

function archives(release: Release): readonly Product[] {
  const { version, license, licenses } = release;
  return release.targets.map((target) => ({
    name: archiveName(version, target),
    inputs: () => [version, executableOf(target).sha256, license, licenses],
    make: (path) => writeArchiveTo(path, { version, target, executable: executableOf(target).path, license, licenses }),
  }));
}

function sbom({ version, time }: Release): Product {
  return {
    name: `luakit-${version}.spdx.json`,
    inputs: () => [version, time, readFileSync("bun.lock", "utf8")],
    make: async (path) => writeFileSync(path, await renderSbom(version)),
  };
}

function installScript(): Product {
  return {
    name: "install.sh",
    inputs: () => readFileSync(installer, "utf8"),
    make: async (path) => copyFileSync(installer, path),
  };
}
