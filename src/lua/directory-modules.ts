import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";
import type { FoundModule, ModuleSource } from "./module.ts";

export interface DirectoryModulesOptions {
  /** Where the script is; module files are named relative to it. */
  readonly scriptDirectory: string;
  /** Where the local `context` is, when there is one. */
  readonly contextDirectory?: string | undefined;
  /** Texts of the embedded modules by name. */
  readonly embedded: ReadonlyMap<string, string>;
  /** Called with the path of every file that a module may be, before it is looked for. */
  readonly looked?: ((path: string) => void) | undefined;
}

const largestModule = 16 << 20;

/** Modules from the script's directory, the context root, `luakit_modules/` in each, and the embedded ones. */
export function openDirectoryModules(options: DirectoryModulesOptions): ModuleSource {
  const bases = [...new Set([options.scriptDirectory, options.contextDirectory ?? options.scriptDirectory])];
  const roots = [
    ...bases.map((base) => ({ base, path: base })),
    ...bases.map((base) => ({ base, path: join(base, "luakit_modules") })),
  ];
  return {
    find(name) {
      const tried: string[] = [];
      for (const root of roots) {
        for (const file of moduleFiles(name)) {
          const path = join(root.path, file);
          const display = displayName(options, path);
          options.looked?.(path);
          const place = realFile(path);
          if (place !== undefined && isWithin(realpathSync(root.base), place)) return { found: read(place, display) };
          const where = root.base === options.scriptDirectory ? display : `${display} in the context`;
          tried.push(place === undefined ? where : `${where} (a link to outside, which is not followed)`);
        }
      }
      const text = options.embedded.get(name);
      if (text !== undefined) {
        return { found: { file: { name: `${name}.lua`, data: text }, path: `standard library: ${name}` } };
      }
      return { tried: [...tried, `the standard library: ${[...options.embedded.keys()].join(", ")}`] };
    },
  };
}

/**
 * The files that a module's name may mean, relative to a root: dots and slashes separate, and `lib/x.lua` is taken as
 * it is too. Throws for names that lead out of their root.
 */
export function moduleFiles(name: string): string[] {
  const plain = name.replace(/^(\.\/)+/, "");
  const parts = plain.split("/");
  if (
    plain === "" ||
    name.includes("\0") ||
    name.includes("\\") ||
    parts.some((part) => part === "" || part === "." || part === "..")
  ) {
    throw new LuakitError("script.module", `"${name}" is no module's name`, {
      hint: 'modules are named from the script\'s directory or the context root down: require "lib.base"',
    });
  }
  const dotted = plain.split(/[./]/);
  const files = dotted.includes("") ? [] : [`${dotted.join("/")}.lua`, `${dotted.join("/")}/init.lua`];
  if (plain.endsWith(".lua")) files.push(plain);
  else if (plain.includes("/") && plain.includes(".")) files.push(`${plain}.lua`, `${plain}/init.lua`);
  return files;
}

function displayName(options: DirectoryModulesOptions, path: string): string {
  const fromScript = relative(options.scriptDirectory, path);
  const inside = !fromScript.startsWith("..") || options.contextDirectory === undefined;
  const name = inside ? fromScript : relative(options.contextDirectory ?? "", path);
  return name.split(sep).join("/");
}

/** The file behind all links, if there is one. */
function realFile(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined; // Not there, not readable, or links in a circle: nothing to load.
  }
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function read(path: string, display: string): FoundModule {
  if (statSync(path).size > largestModule) {
    throw new LuakitError("script.module", `the module ${display} is larger than ${largestModule >> 20} MiB`);
  }
  try {
    return { file: { name: display, data: readFileSync(path, "utf8") }, path };
  } catch (cause) {
    throw cannotRead(`the module ${display}`, cause);
  }
}
