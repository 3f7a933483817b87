import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockedIntegrity } from "./contents/locked-integrity.ts";
import { run, say } from "./say.ts";
import { type Target, targetRuntime } from "./targets.ts";

/** What executables for a target start with: the Bun of its system. */
export interface Runtime {
  /** The name that `bun build --target` takes. */
  readonly target: string;
  readonly path: string;
}

/** The runtime for a target, from the package that bun.lock names; installed when it is not there yet. */
export function bunRuntime(target: Target): Runtime {
  const { runtime: name, bun, os, cpu } = targetRuntime(target);
  const place = `.cache/bun-${Bun.version}-${bun}`;
  const path = join(place, "node_modules", name, os === "win32" ? "bin/bun.exe" : "bin/bun");
  if (!existsSync(path)) {
    say(`installing Bun ${Bun.version} for ${target}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), "{}");
    const flags = ["--silent", "--exact", "--ignore-scripts", `--os=${os}`, `--cpu=${cpu}`];
    run(process.execPath, "add", `--cwd=${place}`, ...flags, `${name}@${Bun.version}`);
  }
  if (lockedIntegrity(join(place, "bun.lock"), name) !== lockedIntegrity("bun.lock", name)) {
    throw new Error(`${path} is not the package that bun.lock names`);
  }
  return { target: bun, path };
}
