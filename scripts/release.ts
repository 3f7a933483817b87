import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "./release/arguments.ts";
import { writeChecksums } from "./release/checksums.ts";
import { makeExecutables } from "./release/executables.ts";
import { makeProducts } from "./release/product.ts";
import { productSteps } from "./release/products.ts";
import { thisRelease } from "./release/release.ts";
import { say } from "./say.ts";

// Everything that a release consists of; `--help` says more.
const directory = "dist/release";
const start = performance.now();
const { targets, bases } = readArguments(process.argv.slice(2));
const release = await thisRelease(targets);
process.env.SOURCE_DATE_EPOCH = String(release.time);
say(`luakit ${release.version} for ${targets.join(", ")}${bases === undefined ? ", without images" : ""}`);

await makeExecutables(targets);
mkdirSync(directory, { recursive: true });
const steps = productSteps(release, { directory, ...(bases !== undefined && { bases }) });
const names = new Set(["SHA256SUMS", ...steps.flat().map(({ name }) => name)]);
for (const stale of readdirSync(directory).filter((name) => !names.has(name))) {
  rmSync(join(directory, stale), { recursive: true });
}
for (const step of steps) await makeProducts(directory, step);
writeChecksums(directory);
const missing = [...names].filter((name) => !existsSync(join(directory, name)));
if (missing.length > 0) {
  say(`missing: ${missing.join(", ")}`);
  process.exit(1);
}
say(`${names.size} files in ${directory} after ${((performance.now() - start) / 1000).toFixed(0)} s`);
