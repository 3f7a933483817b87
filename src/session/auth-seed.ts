import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, parseObject } from "../image/json.ts";
import { type FileLock, waitForLock } from "./file-lock.ts";

/** A secret of 16 bytes for each registry host, the same from build to build as far as the disk lets it. */
export type TokenSeeds = (host: string) => Promise<Uint8Array>;

const patience = 2000;

/**
 * The seeds in `.token_seed` of docker's configuration directory, which buildctl and buildx use as well. Whatever goes
 * wrong with the file only means that tokens are not shared with builds before and after this one.
 */
export function openTokenSeeds(configDir: string): TokenSeeds {
  const seeds = new Map<string, Promise<Uint8Array>>();
  return (host) => {
    const seed = seeds.get(host) ?? keepSeed(configDir, host);
    seeds.set(host, seed);
    return seed;
  };
}

async function keepSeed(configDir: string, host: string): Promise<Uint8Array> {
  const file = join(configDir, ".token_seed");
  let lock: FileLock | undefined;
  try {
    mkdirSync(configDir, { recursive: true, mode: 0o755 });
    lock = await waitForLock(`${file}.lock`, "exclusive", patience);
    const known = readSeeds(file);
    const seed = known.get(host);
    if (seed !== undefined) return seed;
    const fresh = newSeed();
    if (lock !== undefined) writeSeeds(file, known.set(host, fresh));
    return fresh;
  } catch {
    // A directory that cannot be written, a full disk: a seed for this build alone does as well.
    return newSeed();
  } finally {
    lock?.release();
  }
}

function newSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}

/** Nothing of a file that is missing or broken. */
function readSeeds(file: string): Map<string, Uint8Array> {
  const seeds = new Map<string, Uint8Array>();
  for (const [host, entry] of Object.entries(parseObject(readText(file)) ?? {})) {
    if (isObject(entry) && typeof entry.Seed === "string") seeds.set(host, Buffer.from(entry.Seed, "base64"));
  }
  return seeds;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Missing, or not for us to read.
    return "";
  }
}

function writeSeeds(file: string, seeds: ReadonlyMap<string, Uint8Array>): void {
  const entries = [...seeds].map(([host, seed]) => [host, { Seed: Buffer.from(seed).toString("base64") }]);
  const temporary = `${file}.${crypto.randomUUID()}`;
  try {
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(entries), null, 2), { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
