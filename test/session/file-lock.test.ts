import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFile, waitForLock } from "../../src/session/file-lock.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-lock-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const fresh = () => join(mkdtempSync(join(root, "lock-")), "lock");

describe("a lock", () => {
  test("is held by one", async () => {
    const path = fresh();
    const lock = await lockFile(path, "exclusive");
    expect(await lockFile(path, "exclusive")).toBeUndefined();
    expect(await lockFile(path, "shared")).toBeUndefined();
    lock?.release();
    expect(existsSync(path)).toBe(true);
    expect(await lockFile(path, "exclusive")).toBeDefined();
  });

  test("is shared by readers", async () => {
    const path = fresh();
    const locks = [await lockFile(path, "shared"), await lockFile(path, "shared")];
    expect(locks).not.toContain(undefined);
    expect(await lockFile(path, "exclusive")).toBeUndefined();
  });

  test("is one that flock(1) and so Go programs see", async () => {
    const path = fresh();
    const lock = await lockFile(path, "exclusive");
    expect(Bun.spawnSync(["flock", "-n", path, "true"]).exitCode).toBe(1);
    lock?.release();
    const holder = Bun.spawn(["flock", path, "sh", "-c", "echo held; sleep 0.3"], { stdout: "pipe" });
    await holder.stdout.getReader().read();
    expect(await lockFile(path, "exclusive")).toBeUndefined();
    const waited = await waitForLock(path, "exclusive", 5000);
    expect(waited).toBeDefined();
    waited?.release({ remove: true });
    expect(existsSync(path)).toBe(false);
  });

  test("is not waited for longer than told", async () => {
    const path = fresh();
    await lockFile(path, "exclusive");
    const started = performance.now();
    expect(await waitForLock(path, "exclusive", 100)).toBeUndefined();
    expect(performance.now() - started).toBeGreaterThan(95);
  });
});

test("what cannot be opened throws", async () => {
  expect(await lockFile(join(root, "no", "lock"), "shared").catch((error: Error) => error.message)).toContain("ENOENT");
});
