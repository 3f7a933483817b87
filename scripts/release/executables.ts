import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../say.ts";
import { executablePath, type Target } from "../targets.ts";
import { run } from "../testbed/command.ts";
import { hashFiles } from "../testbed/place.ts";
import { sha256 } from "./checksums.ts";

/** Makes the executables of targets, but for those that are there and made from the same. */
export async function makeExecutables(targets: readonly Target[]): Promise<void> {
  const from = hashSources();
  const stale = targets.filter((target) => recorded(target, from) !== content(target));
  if (stale.length === 0) return;
  say(`compiling luakit for ${stale.join(", ")}`);
  const half = Math.ceil(stale.length / 2);
  // What they have in common is made by the first.
  const [first = [], second = []] = [stale.slice(0, half), stale.slice(half)];
  await compile(first.slice(0, 1));
  await Promise.all([compile(first.slice(1)), compile(second)]);
  mkdirSync(".cache/executables", { recursive: true });
  for (const target of stale) {
    writeFileSync(recordOf(target), JSON.stringify({ from, sha256: content(target) }));
  }
}

async function compile(targets: readonly Target[]): Promise<void> {
  if (targets.length > 0) await run([process.execPath, "scripts/build.ts", ...targets]);
}

/** The executable that was made from the same sources. */
function recorded(target: Target, from: string): string | undefined {
  if (!existsSync(recordOf(target))) return undefined;
  const record: { readonly from: string; readonly sha256: string } = JSON.parse(readFileSync(recordOf(target), "utf8"));
  return record.from === from ? record.sha256 : undefined;
}

function content(target: Target): string {
  return existsSync(executablePath(target)) ? sha256(executablePath(target)) : "nothing";
}

function recordOf(target: Target): string {
  return join(".cache/executables", `${target}.json`);
}

function hashSources(): string {
  const scripts = readdirSync("scripts").filter((name) => name.endsWith(".ts"));
  const names = [
    "src",
    "package.json",
    "bun.lock",
    "LICENSE",
    "scripts/contents",
    "scripts/lua",
    ...scripts.map((name) => `scripts/${name}`),
  ];
  return createHash("sha256").update(hashFiles(process.cwd(), names)).update(Bun.version).digest("hex");
}
