import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FlagContext } from "../../src/client/flag-context.ts";
import type { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { failureOf, rejectionOf } from "../image/failure.ts";

/** A directory with these files, and the context of flags in it; both are gone after `use`. */
export async function inFlagDirectory<T>(
  files: Readonly<Record<string, string>>,
  use: (context: FlagContext) => T | Promise<T>,
  more: Partial<FlagContext> = {},
): Promise<T> {
  const cwd = mkdtempSync(join(tmpdir(), "luakit-flags-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    return await use({ cwd, variables: {}, stdout: "pipe", ...more });
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Flags in a directory that has nothing in it. */
export const nowhere: FlagContext = { cwd: "/nowhere", variables: {}, stdout: "pipe" };

/** What a wrong flag is answered with; it is always wrong usage, in one sentence. */
export function complaintOf(run: () => unknown): string {
  return asUsage(failureOf(run));
}

/** As {@link complaintOf}, of what is read later. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  return asUsage(await rejectionOf(promise));
}

function asUsage({ code, message }: LuakitError): string {
  if (code !== "usage") throw new Error(`the code is ${code}: ${message}`);
  if (message.includes("\n") || message.endsWith(".")) throw new Error(`it is not one sentence: ${message}`);
  return message;
}

/** A map as a plain object. */
export function plain<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries(map);
}
