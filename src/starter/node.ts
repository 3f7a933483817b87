import { type Folder, imageName } from "./folder.ts";
import { findManager, type Manager } from "./node-manager.ts";
import { type Package, readPackage } from "./node-package.ts";
import { head, imageCommands, joinParts, list, quote, testCommand } from "./script-text.ts";
import type { Recipe } from "./starter.ts";

const newest = "24";

export const node: Recipe = {
  kind: "node",
  files: ["package.json"],
  make(folder) {
    const found = readPackage(folder);
    const version = nodeVersion(folder, found);
    const manager = findManager(folder, found, version?.text ?? newest);
    const name = imageName(found.name?.replace(/^@[^/]*\//, "") ?? folder.name);
    const commands = [...imageCommands(name), ...(hasTest(found) ? [testCommand] : [])];
    return {
      saw: [
        `package.json: ${found.name ?? "no name"}, ${describeScripts(found)}`,
        `${manager.file ?? "no lock file"}: ${manager.name}`,
        version === undefined ? `no version of Node.js, so ${newest}` : `${version.file}: Node.js ${version.text}`,
      ],
      script: joinParts([
        head(`${name}: packages installed from ${manager.file ?? "package.json"}, in an image of Node.js.`, commands),
        renderInstall(folder, found, manager),
        hasTest(found) ? renderTest(manager) : undefined,
        renderApp(folder, found, manager),
      ]),
      ignored: ["**/node_modules", "**/npm-debug.log*", "/coverage", "/out"],
      commands,
    };
  },
};

interface Version {
  readonly file: string;
  readonly text: string;
}

/** What the folder says that it runs on: an exact version, or the major one where it says a range. */
function nodeVersion(folder: Folder, { engine }: Package): Version | undefined {
  for (const file of [".nvmrc", ".node-version"]) {
    const text = /^v?(\d+(?:\.\d+){0,2})\s*$/.exec(folder.read(file) ?? "")?.[1];
    if (text !== undefined) return { file, text };
  }
  const exact = /^v?(\d+\.\d+\.\d+)$/.exec(engine?.trim() ?? "")?.[1];
  const text = exact ?? /\d+/.exec(engine ?? "")?.[0];
  return text === undefined ? undefined : { file: "package.json (engines)", text };
}

function hasTest({ scripts: { test } }: Package): boolean {
  return test !== undefined && !test.includes("no test specified");
}

function describeScripts({ scripts }: Package): string {
  const known = ["build", "test", "start"].filter((name) => Object.hasOwn(scripts, name));
  return known.length === 0 ? "no scripts" : `scripts ${known.join(", ")}`;
}

function renderInstall(folder: Folder, found: Package, manager: Manager): string {
  const names = ["package.json", manager.file, ...manager.settings].filter((name) => name !== undefined);
  const files = names.filter((name) => name === "package.json" || folder.has(name));
  const workspaces = found.workspaces.map((pattern) => `${pattern.replace(/^\.?\/|\/+$/g, "")}/package.json`);
  const copied =
    workspaces.length === 0
      ? `copy(context, ${list(files)}, "./")`
      : `copy(context, "/", "./", { include = ${list([...files, ...workspaces])} })`;
  const prepared =
    manager.prepare === undefined
      ? ""
      : `:run(${quote(manager.prepare)}, { mounts = { bk.cache("/root/.npm", { id = "npm" }) } })`;
  return `local context = bk.local_("context")
local base = bk.image(${quote(manager.image)}):with_dir("/app")${prepared}
local cache = bk.cache(${quote(manager.cache)}, { id = ${quote(manager.name)} })

-- Packages are installed again only when one of these files changes.
local manifests = base:${copied}
local installed = manifests:run(${quote(manager.install)}, { mounts = { cache } })
local sources = installed:copy(context, "/", "./")`;
}

function renderTest({ run }: Manager): string {
  return `bk.target("test", { description = "runs the tests" }, function()
  return sources:run(${quote(`${run} test`)})
end)`;
}

function renderApp(folder: Folder, found: Package, manager: Manager): string {
  const hasBuild = Object.hasOwn(found.scripts, "build");
  const production =
    manager.production === undefined
      ? "installed"
      : `manifests:run(${quote(manager.production)}, { mounts = { cache } })`;
  const command = findCommand(folder, found, manager);
  return `bk.target("app", { description = "the image", default = true }, function()
${
  hasBuild
    ? `  local built = sources:run(${quote(`${manager.run} build`)})
`
    : ""
}  local image = ${production}
    :copy(${hasBuild ? "built" : "sources"}, "/app", "/app", { exclude = { "**/node_modules" } })
  local config = {
${command === undefined ? "" : `    cmd = ${list(command)},\n`}    env = { NODE_ENV = "production" },
    workdir = "/app",
    user = ${quote(manager.user)},
  }
  return image, config
end)`;
}

/** What starts the program: the words of a plain start script, else npm. */
function findCommand(folder: Folder, { scripts, main }: Package, { program }: Manager): readonly string[] | undefined {
  const { start } = scripts;
  if (start !== undefined) {
    return /^(?:node|bun)(?: [\w./@=-]+)+$/.test(start)
      ? start.split(" ")
      : [program === "bun" ? "bun" : "npm", "run", "start"];
  }
  const file = main ?? ["index.js", "server.js", "app.js"].find((name) => folder.has(name));
  return file === undefined ? undefined : [program, file];
}
