import { chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";

/** An image that has the name, the settings and the programs of one on Docker Hub, made from Debian packages. */
export interface Toolchain {
  readonly repository: string;
  readonly tag: string;
  readonly packages: readonly string[];
  /** Patterns below the root: what no build needs. */
  readonly ballast: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Adds what the packages do not bring to `root`; `base` has the files of the image below. */
  readonly finish: (root: string, base: string) => Promise<void> | void;
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const documentation = ["usr/share/doc", "usr/share/man", "usr/share/lintian"];
const goLibrary = ["api", "misc", "test", "src/cmd/*/*", "src/testdata", "src/*/testdata", "src/*/*/testdata"];
const goTools = ["addr2line", "api", "dist", "doc", "fix", "nm", "objdump", "pprof", "trace"];

export const golang: Toolchain = {
  repository: "golang",
  tag: "1",
  packages: ["golang-go"],
  ballast: [
    ...documentation,
    ...goLibrary.map((name) => `usr/share/go-*/${name}`),
    ...goTools.map((name) => `usr/lib/go-*/pkg/tool/*/${name}`),
    "usr/lib/go-*/pkg/*/cmd",
  ],
  config: {
    Env: [`PATH=/go/bin:/usr/local/go/bin:${path}`, "GOTOOLCHAIN=local", "GOPATH=/go"],
    WorkingDir: "/go",
    Cmd: ["bash"],
  },
  finish(root) {
    mkdirSync(join(root, "go/bin"), { recursive: true });
    mkdirSync(join(root, "usr/local"), { recursive: true });
    symlinkSync("../lib/go", join(root, "usr/local/go"));
  },
};

/** npm's own package brings all that it needs; Debian's would bring three hundred others. */
const npm = "npm@10.9.9";

export const node: Toolchain = {
  repository: "node",
  tag: "lts-slim",
  packages: ["nodejs"],
  ballast: [
    ...documentation,
    "usr/share/nodejs/@types",
    "usr/local/lib/package.json",
    "usr/local/lib/node_modules/.bin",
    "usr/local/lib/node_modules/npm/docs",
    "usr/local/lib/node_modules/npm/man",
  ],
  config: { Env: [`PATH=${path}`], Cmd: ["node"] },
  async finish(root, base) {
    await addNpm(root);
    addUser(root, base);
  },
};

async function addNpm(root: string): Promise<void> {
  const folder = join(root, "usr/local/lib");
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, "usr/local/bin"), { recursive: true });
  // Without this, packages are added to the project around the cache, if there is one.
  writeFileSync(join(folder, "package.json"), "{}");
  await run([process.execPath, "add", "--no-save", "--ignore-scripts", "--silent", npm], { cwd: folder });
  for (const name of ["npm", "npx"]) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, "usr/local/bin", name));
  }
}

/** Docker Hub's image has a user `node` with id 1000; the image below gives that id to `app`. */
function addUser(root: string, base: string): void {
  mkdirSync(join(root, "etc"), { recursive: true });
  for (const name of ["passwd", "group"]) {
    const text = readFileSync(join(base, "etc", name), "utf8");
    writeFileSync(join(root, "etc", name), text.replaceAll("/home/app", "/home/node").replaceAll(/^app:/gm, "node:"));
  }
  mkdirSync(join(root, "home/node"), { recursive: true });
  chownSync(join(root, "home/node"), 1000, 1000);
}
