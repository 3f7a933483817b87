import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { madeExecutables } from "./made-executables.ts";
import { checkout } from "./packaged-image.ts";
import { platformsBase } from "./platforms-base.ts";
import { testbed } from "./testbed.ts";

/** What a test makes a release for: the systems whose executables it runs, and what the apk package is made from. */
export const madeTargets = ["linux-amd64", "linux-amd64-musl", "linux-arm64"] as const;

const directory = "dist/release-test";

/** Makes a release with the command that makes all of it, and gives its directory. */
export async function makeTestRelease(): Promise<string> {
  const [base] = await Promise.all([platformsBase(), madeExecutables(madeTargets)]);
  const bases = ["gateway", "ci"].map((name) => `--base=${name}=${base}`);
  const command = [process.execPath, "scripts/release.ts", `--into=${directory}`, ...bases, ...madeTargets];
  await run(command, { cwd: checkout, env: { BUILDKIT_HOST: testbed().addr } });
  return join(checkout, directory);
}

/** What every luakit of this checkout prints as its version. */
export function versionLine(): string {
  return `luakit ${packageVersion()}`;
}

export function packageVersion(): string {
  return String(JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")).version);
}
