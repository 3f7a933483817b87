import type { Folder } from "./folder.ts";
import type { Package } from "./node-package.ts";

/** How packages are installed. */
export interface Manager {
  readonly name: string;
  /** The lock file, if there is one. */
  readonly file: string | undefined;
  readonly image: string;
  /** What runs JavaScript there. */
  readonly program: "node" | "bun";
  /** The image's user that is not root. */
  readonly user: string;
  /** What brings it into the image. */
  readonly prepare?: string;
  readonly install: string;
  /** The same without what only development needs. */
  readonly production?: string;
  /** What comes before the name of a script. */
  readonly run: string;
  /** Where it keeps downloads. */
  readonly cache: string;
  /** Files that it reads beside package.json and the lock file. */
  readonly settings: readonly string[];
}

/** The manager whose lock file is there; npm without one. */
export function findManager(folder: Folder, found: Package, nodeVersion: string): Manager {
  const onNode = { image: `node:${nodeVersion}-slim`, program: "node", user: "node" } as const;
  const has = (...names: readonly string[]) => names.find((name) => folder.has(name));
  const pnpm = has("pnpm-lock.yaml");
  if (pnpm !== undefined) return { ...onNode, ...pnpmManager(found), file: pnpm };
  const yarn = has("yarn.lock");
  if (yarn !== undefined) return { ...onNode, ...yarnManager(folder.read(yarn) ?? ""), file: yarn };
  const bun = has("bun.lock", "bun.lockb");
  if (bun !== undefined) return { ...bunManager(found), file: bun };
  const file = has("package-lock.json", "npm-shrinkwrap.json");
  const install = file === undefined ? "npm install" : "npm ci";
  const settings = /_auth|_password/.test(folder.read(".npmrc") ?? "") ? [] : [".npmrc"];
  const production = `${install} --omit=dev`;
  return { ...onNode, name: "npm", file, install, production, run: "npm run", cache: "/root/.npm", settings };
}

type OnNode = Omit<Manager, "image" | "program" | "user" | "file">;

function pnpmManager({ manager }: Package): OnNode {
  const version = /^pnpm@(\d+(?:\.\d+){0,2})/.exec(manager ?? "")?.[1] ?? "10";
  return {
    name: "pnpm",
    prepare: `npm install --global pnpm@${version}`,
    install: "pnpm install --frozen-lockfile",
    production: "pnpm install --frozen-lockfile --prod",
    run: "pnpm run",
    cache: "/root/.local/share/pnpm/store",
    settings: ["pnpm-workspace.yaml", ".npmrc"],
  };
}

/** Yarn 1 is in the image; a newer one comes with Corepack and keeps its packages together. */
function yarnManager(lock: string): OnNode {
  if (lock.includes("# yarn lockfile v1")) {
    const install = "yarn install --frozen-lockfile";
    const cache = "/usr/local/share/.cache/yarn";
    return { name: "yarn", install, production: `${install} --production`, run: "yarn run", cache, settings: [] };
  }
  return {
    name: "yarn",
    prepare: "corepack enable",
    install: "yarn install --immutable",
    run: "yarn run",
    cache: "/root/.yarn/berry/cache",
    settings: [".yarnrc.yml", ".yarn/releases"],
  };
}

function bunManager({ manager }: Package): Omit<Manager, "file"> {
  const version = /^bun@(\d+(?:\.\d+){0,2})/.exec(manager ?? "")?.[1] ?? "1.3";
  return {
    name: "bun",
    image: `oven/bun:${version}-slim`,
    program: "bun",
    user: "bun",
    install: "bun install --frozen-lockfile",
    production: "bun install --frozen-lockfile --production",
    run: "bun run",
    cache: "/root/.bun/install/cache",
    settings: ["bunfig.toml"],
  };
}
