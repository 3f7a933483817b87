const all = {
  "linux-amd64": { runtime: "@oven/bun-linux-x64", bun: "bun-linux-x64", os: "linux", cpu: "x64" },
  "linux-amd64-baseline": { runtime: "@oven/bun-linux-x64", bun: "bun-linux-x64", os: "linux", cpu: "x64" },
  "linux-amd64-musl": { runtime: "@oven/bun-linux-x64-musl", bun: "bun-linux-x64-musl", os: "linux", cpu: "x64" },
  "linux-amd64-musl-baseline": {
    runtime: "@oven/bun-linux-x64-musl",
    bun: "bun-linux-x64-musl",
    os: "linux",
    cpu: "x64",
  },
  "linux-arm64": { runtime: "@oven/bun-linux-aarch64", bun: "bun-linux-arm64", os: "linux", cpu: "arm64" },
  "linux-arm64-musl": {
    runtime: "@oven/bun-linux-aarch64-musl",
    bun: "bun-linux-arm64-musl",
    os: "linux",
    cpu: "arm64",
  },
  "darwin-amd64": { runtime: "@oven/bun-darwin-x64", bun: "bun-darwin-x64", os: "darwin", cpu: "x64" },
  "darwin-arm64": { runtime: "@oven/bun-darwin-aarch64", bun: "bun-darwin-arm64", os: "darwin", cpu: "arm64" },
  "windows-amd64": { runtime: "@oven/bun-windows-x64", bun: "bun-windows-x64", os: "win32", cpu: "x64" },
} as const;

/** What luakit is compiled for. */
export type Target = keyof typeof all;

/** What a target is made with. */
export interface TargetRuntime {
  /** The npm package that holds the runtime. */
  readonly runtime: string;
  /** The name that `bun build --target` takes. */
  readonly bun: string;
  /** The system and processor that the package is for, in npm's words. */
  readonly os: "linux" | "darwin" | "win32";
  readonly cpu: "x64" | "arm64";
}

export const targets: readonly Target[] = Object.keys(all).filter(isTarget);

export function isTarget(word: string): word is Target {
  return Object.hasOwn(all, word);
}

/** The target that a word names: `linux-arm64`, or `linux/arm64` as images have it. */
export function findTarget(word: string): Target | undefined {
  const name = word.replace("/", "-");
  return isTarget(name) ? name : undefined;
}

export function targetRuntime(target: Target): TargetRuntime {
  return all[target];
}

/** Where the executable of a target is made. */
export function executablePath(target: Target): string {
  return `dist/${target}/luakit${all[target].os === "win32" ? ".exe" : ""}`;
}
