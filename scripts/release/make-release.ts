import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeChecksums } from "./checksums.ts";
import { makeProducts } from "./product.ts";
import { type ProductOptions, productSteps } from "./products.ts";
import type { Release } from "./release.ts";

/** Names of all files of a release, sorted. */
export function releaseFiles(release: Release, options: ProductOptions): readonly string[] {
  const products = productSteps(release, options).flat();
  return ["SHA256SUMS", ...products.map(({ name }) => name)].sort();
}

/** Makes all files of a release from executables that are there; nothing else stays in the directory. */
export async function makeRelease(release: Release, options: ProductOptions): Promise<readonly string[]> {
  const { directory } = options;
  const names = releaseFiles(release, options);
  mkdirSync(directory, { recursive: true });
  for (const stale of readdirSync(directory).filter((name) => !names.includes(name))) {
    rmSync(join(directory, stale), { recursive: true });
  }
  for (const step of productSteps(release, options)) await makeProducts(directory, step);
  writeChecksums(directory);
  const missing = names.filter((name) => !existsSync(join(directory, name)));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
  return names;
}
