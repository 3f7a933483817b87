import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeExecutables } from "../../scripts/release/executables.ts";
import type { Target } from "../../scripts/targets.ts";
import { locked } from "../../scripts/testbed/lock.ts";

const directory = resolve(import.meta.dir, "../../dist");

/** Makes `dist/TARGET/luakit` for these targets where it is not there from the same sources: once for all tests. */
export async function madeExecutables(targets: readonly Target[]): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await locked(join(directory, "targets"), () => makeExecutables(targets));
}
