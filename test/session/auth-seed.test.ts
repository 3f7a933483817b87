import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTokenSeeds } from "../../src/session/auth-seed.ts";
import { lockFile } from "../../src/session/file-lock.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-seed-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const directory = () => mkdtempSync(join(root, "config-"));

test("a seed has 16 bytes and stays from build to build", async () => {
  const configDir = join(directory(), "not", "there");
  const seed = await openTokenSeeds(configDir)("a");
  expect(seed).toHaveLength(16);
  expect(Buffer.from(await openTokenSeeds(configDir)("a")).equals(seed)).toBe(true);
  expect(Buffer.from(await openTokenSeeds(configDir)("b")).equals(seed)).toBe(false);
  expect(statSync(join(configDir, ".token_seed")).mode & 0o777).toBe(0o600);
});

test("seeds of buildctl are used and kept", async () => {
  const configDir = directory();
  const file = join(configDir, ".token_seed");
  writeFileSync(file, '{\n  "a": {\n    "Seed": "AAECAwQFBgcICQoLDA0ODw=="\n  }\n}');
  const seeds = openTokenSeeds(configDir);
  expect([...(await seeds("a"))]).toEqual(Array.from({ length: 16 }, (_, index) => index));
  await seeds("b");
  expect(JSON.parse(readFileSync(file, "utf8")).a).toEqual({ Seed: "AAECAwQFBgcICQoLDA0ODw==" });
});

test("a broken file is replaced", async () => {
  const configDir = directory();
  writeFileSync(join(configDir, ".token_seed"), "{");
  const seed = await openTokenSeeds(configDir)("__proto__");
  expect(Buffer.from(await openTokenSeeds(configDir)("__proto__")).equals(seed)).toBe(true);
});

test("several at once, in one process and in others, all stay", async () => {
  const configDir = directory();
  const hosts = Array.from({ length: 8 }, (_, index) => `host-${index}`);
  const seeds = await Promise.all(hosts.map((host) => openTokenSeeds(configDir)(host)));
  const again = openTokenSeeds(configDir);
  for (const [index, host] of hosts.entries()) expect([...(await again(host))]).toEqual([...(seeds[index] ?? [])]);
});

test("where nothing can be kept a seed holds for one build", async () => {
  const file = join(directory(), "file");
  writeFileSync(file, "");
  for (const configDir of [file, join(file, "below"), "/proc/none"]) {
    const seeds = openTokenSeeds(configDir);
    const seed = await seeds("a");
    expect(seed).toHaveLength(16);
    expect(await seeds("a")).toBe(seed);
  }
  const readOnly = directory();
  chmodSync(readOnly, 0o500);
  expect(await openTokenSeeds(readOnly)("a")).toHaveLength(16);
});

test("a lock that is kept by another does not stop the build", async () => {
  const configDir = directory();
  const lock = await lockFile(join(configDir, ".token_seed.lock"), "exclusive");
  expect(await openTokenSeeds(configDir)("a")).toHaveLength(16);
  lock?.release();
});
