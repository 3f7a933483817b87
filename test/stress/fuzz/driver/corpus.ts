import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dir, "../corpus");

/** The inputs that are kept of a kind, by name: what once failed, and what leads far. */
export function readCorpus(kind: string): { readonly name: string; readonly input: Uint8Array }[] {
  const place = join(folder, kind);
  if (!existsSync(place)) return [];
  const names = readdirSync(place).sort();
  return names.map((name) => ({ name: `${kind}/${name}`, input: Uint8Array.from(readFileSync(join(place, name))) }));
}

/** Writes an input where it survives the run, and gives its path. It belongs into the corpus once it is understood. */
export function writeInput(kind: string, group: "failed" | "led-far", input: Uint8Array): string {
  const place = join(process.cwd(), ".cache/fuzz", group, kind);
  mkdirSync(place, { recursive: true });
  const path = join(place, Bun.hash(input).toString(36));
  writeFileSync(path, input);
  return path;
}
