import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, say } from "./say.ts";

/** What executables for a platform start with: the Bun of that platform. */
export interface Runtime {
  /** The name that `bun build --target` takes. */
  readonly target: string;
  readonly path: string;
}

const packages = {
  "linux/amd64": { target: "bun-linux-x64", name: "@oven/bun-linux-x64", cpu: "x64" },
  "linux/arm64": { target: "bun-linux-arm64", name: "@oven/bun-linux-aarch64", cpu: "arm64" },
} as const;

/** A platform that luakit is compiled for. */
export type TargetPlatform = keyof typeof packages;

export const targetPlatforms = Object.keys(packages).filter(isTargetPlatform);

export function isTargetPlatform(platform: string): platform is TargetPlatform {
  return platform in packages;
}

/** The runtime for a platform, from the package that bun.lock names; installed when it is not there yet. */
export function bunRuntime(platform: TargetPlatform): Runtime {
  const { target, name, cpu } = packages[platform];
  const place = `.cache/bun-${Bun.version}-${target}`;
  const path = join(place, "node_modules", name, "bin/bun");
  if (!existsSync(path)) {
    say(`installing Bun ${Bun.version} for ${platform}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), "{}");
    const flags = ["--silent", "--exact", "--ignore-scripts", "--os=linux", `--cpu=${cpu}`];
    run(process.execPath, "add", `--cwd=${place}`, ...flags, `${name}@${Bun.version}`);
  }
  if (integrity(join(place, "bun.lock"), name) !== integrity("bun.lock", name)) {
    throw new Error(`${path} is not the package that bun.lock names`);
  }
  return { target, path };
}

function integrity(lock: string, name: string): string {
  const line = readFileSync(lock, "utf8")
    .split("\n")
    .find((each) => each.includes(`"${name}": ["`));
  const found = /"(sha512-[^"]+)"/.exec(line ?? "")?.[1];
  if (found === undefined) throw new Error(`${lock} does not say what ${name} is`);
  return found;
}
