import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const name = "SHA256SUMS";

/** Writes SHA256SUMS, as `sha256sum` does, of all files of a directory but itself and hidden ones. */
export function writeChecksums(directory: string): void {
  const files = readdirSync(directory, { withFileTypes: true }).filter((each) => each.isFile());
  const names = files.map((each) => each.name).filter((each) => each !== name && !each.startsWith("."));
  const lines = names.sort().map((file) => `${sha256(join(directory, file))}  ${file}\n`);
  writeFileSync(join(directory, name), lines.join(""));
}

/** The sha256 of a file, in hex. */
export function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
