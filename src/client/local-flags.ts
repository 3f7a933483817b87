import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { FlagContext } from "./flag-context.ts";
import { parseKeyValue } from "./key-values.ts";
import { statOf } from "./path-stat.ts";

/** A directory of the client under the name that the build knows. `path` is absolute; of a local it may be a file. */
export interface NamedPath {
  readonly name: string;
  readonly path: string;
}

export interface LocalFlags {
  /** `--context`; default: the working directory. */
  readonly context: string | undefined;
  /** Values of `--local`. */
  readonly locals: readonly string[];
}

/** The local `context`, and every `--local NAME=DIR`. Throws "usage" for what is not there. */
export function parseLocals(flags: LocalFlags, { cwd }: FlagContext): NamedPath[] {
  const named = readNamed("local", flags.locals, cwd);
  for (const { path } of named) checkExists("local", path);
  const other = named.find(({ name }) => name === "context");
  if (other === undefined) return [{ name: "context", path: contextPath(flags.context ?? ".", cwd) }, ...named];
  if (flags.context === undefined || resolve(cwd, flags.context) === other.path) return named;
  throw new LuakitError("usage", "--context and --local context= name different directories", {
    hint: "leave out one of them",
  });
}

/** Every `--oci-layout NAME=DIR`. Throws "usage" for a directory that is no layout. */
export function parseOciLayouts(values: readonly string[], { cwd }: FlagContext): NamedPath[] {
  const named = readNamed("oci-layout", values, cwd);
  for (const { path } of named) {
    if (isDirectory(resolve(path, "blobs"))) continue;
    const why = isDirectory(path)
      ? `"${path}" is not an OCI layout: it has no blobs`
      : `there is no directory "${path}"`;
    throw new LuakitError("usage", `--oci-layout: ${why}`);
  }
  return named;
}

function readNamed(flag: string, values: readonly string[], cwd: string): NamedPath[] {
  const seen = new Set<string>();
  return values.map((text) => {
    const { name, value } = parseKeyValue(flag, text);
    if (!value) {
      throw new LuakitError("usage", `--${flag}: "${text}" is not NAME=DIR`, { hint: `write --${flag} ${name}=.` });
    }
    if (seen.has(name)) throw new LuakitError("usage", `--${flag}: the name "${name}" is given twice`);
    seen.add(name);
    return { name, path: resolve(cwd, value) };
  });
}

function contextPath(text: string, cwd: string): string {
  if (/^[a-z+]+:\/\//.test(text) || /^git@/.test(text)) {
    throw new LuakitError("usage", `--context: "${text}" is not a directory of this machine`, {
      hint: "a script takes remote files with bk.git or bk.http",
    });
  }
  const path = resolve(cwd, text);
  checkExists("context", path);
  return path;
}

function checkExists(flag: string, path: string): void {
  if (statOf(path) === undefined) throw new LuakitError("usage", `--${flag}: there is no "${path}"`);
}

function isDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}
